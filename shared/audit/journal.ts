import { randomUUID } from 'node:crypto';
import type { AuditEventName, FieldChange, NewEvent } from './audit-event.ts';
import type { EventRecorder } from './event-ledger.ts';
import type { RowChange } from './row-state.ts';
import { toTenantHash } from './tenant-hash.ts';

/** A row that was written, whose event is still to be recorded. */
export interface PendingChange {
  readonly row: RowChange;
  /** What the event is called when no other event of the invocation takes the change along. */
  readonly act: AuditEventName;
  readonly tenantHash: string | undefined;
  readonly subject: string | undefined;
  readonly detail: string | undefined;
  readonly changes: readonly FieldChange[];
  /** What is left to do once the event is recorded; nobody waits for its success. */
  readonly settle?: () => Promise<void>;
}

/** What one invocation has changed and not recorded yet, and on whose behalf. */
export interface ChangeScope {
  readonly actor: string | undefined;
  readonly correlationId: string;
  readonly pending: PendingChange[];
}

/** What an operator just did. */
interface EventInput {
  readonly actor: string;
  readonly act: AuditEventName;
  readonly tenantId?: string | undefined;
  readonly subject?: string | undefined;
  readonly detail?: string | undefined;
  /** What it came to besides the changed rows. */
  readonly changes?: readonly FieldChange[];
  readonly correlationId: string;
  /** When it was done, if not now (epoch milliseconds). */
  readonly at?: number | undefined;
  /**
   * Of events with this name only the first is recorded; so it takes no change along, which could
   * get lost with it.
   */
  readonly once?: string | undefined;
}

/**
 * Turns changes of rows into audit events. A row is written first and its event is recorded after
 * it: a switch works even if the ledger does not. Changes of one invocation wait for the event that
 * says what was asked for, and go with it.
 */
export interface Journal {
  /** Takes a change along; outside of an invocation it is recorded at once. */
  note(change: PendingChange): Promise<void>;
  /**
   * Records an event with every change that waits. Rejects when it can't be recorded: the changes
   * go on waiting.
   */
  record(done: EventInput): Promise<void>;
  /** Records what still waits when the invocation ends. */
  flush(): Promise<void>;
}

/** Rows of one event; what is more goes into further ones of the same name. */
const MAX_ROWS = 50;

/** Changed fields that one event tells. */
const MAX_CHANGES = 60;

/** Creates the journal; `findScope` answers the invocation at hand. */
export function createJournal({
  ledger,
  findScope,
}: {
  ledger: EventRecorder;
  findScope: () => ChangeScope | undefined;
}): Journal {
  const recordAll = async (events: readonly NewEvent[], changes: readonly PendingChange[]) => {
    await ledger.append(events);
    await Promise.allSettled(changes.map(({ settle }) => settle?.()));
  };

  return {
    async note(change) {
      const scope = findScope();
      if (scope) scope.pending.push(change);
      else await recordAll([toOwnEvent(change, undefined)], [change]);
    },
    async record(done) {
      const scope = findScope();
      const pending = done.once === undefined ? (scope?.pending.splice(0) ?? []) : [];
      const [first = [], ...more] = toParts(pending);
      const rest = more.map((part) => toDoneEvent({ ...done, changes: [] }, part));
      const events = [toDoneEvent(done, first), ...rest];
      await recordAll(events, pending).catch((error: unknown) => {
        scope?.pending.unshift(...pending);
        throw error;
      });
    },
    async flush() {
      const scope = findScope();
      const pending = scope?.pending.splice(0) ?? [];
      if (pending.length === 0) return;
      await recordAll(
        pending.map((change) => toOwnEvent(change, scope)),
        pending,
      );
    },
  };
}

/** At least one, for an act that changed no row. */
function toParts(pending: readonly PendingChange[]): readonly (readonly PendingChange[])[] {
  const count = Math.max(1, Math.ceil(pending.length / MAX_ROWS));
  return Array.from({ length: count }, (_, n) => pending.slice(n * MAX_ROWS, (n + 1) * MAX_ROWS));
}

function toDoneEvent(done: EventInput, pending: readonly PendingChange[]): NewEvent {
  const { tenantId, at, once } = done;
  return {
    actor: done.actor,
    act: done.act,
    tenantHash: tenantId === undefined ? undefined : toTenantHash(tenantId),
    subject: done.subject,
    detail: done.detail,
    changes: [...pending.flatMap(toChanges), ...(done.changes ?? [])].slice(0, MAX_CHANGES),
    rows: pending.map(({ row }) => row),
    occurredAt: at,
    correlationId: done.correlationId,
    once,
  };
}

function toOwnEvent(change: PendingChange, scope: ChangeScope | undefined): NewEvent {
  return {
    actor: scope?.actor ?? 'broker',
    act: change.act,
    tenantHash: change.tenantHash,
    subject: change.subject,
    detail: change.detail,
    changes: toChanges(change).slice(0, MAX_CHANGES),
    rows: [change.row],
    occurredAt: undefined,
    correlationId: scope?.correlationId ?? randomUUID(),
    once: undefined,
  };
}

/** An event may be about several tables: its fields say of which. */
function toChanges({ row, changes }: PendingChange): readonly FieldChange[] {
  return changes.map(({ field, ...change }) => ({ field: `${row.table}.${field}`, ...change }));
}
