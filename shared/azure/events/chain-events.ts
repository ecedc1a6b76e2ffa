import { AsyncLocalStorage } from 'node:async_hooks';
import type { AuditEvent, NewEvent } from '../../audit/audit-event.ts';
import { hashEvent } from '../../audit/chain/event-json.ts';
import type { Log } from '../../log.ts';
import { isFresh, type LedgerHead } from './ledger-head.ts';

/**
 * An event that is to be appended. One commit holds events of several invocations: `within` runs
 * work on behalf of its own.
 */
export interface AppendedEvent {
  readonly event: NewEvent;
  readonly within: <T>(work: () => T) => T;
}

/** The same with its place in the chain. */
export interface ChainedEvent extends Pick<AppendedEvent, 'within'> {
  readonly event: AuditEvent;
  /** Of events with this name only the first is recorded. */
  readonly once: string | undefined;
}

/** Events of the invocation at hand. */
export function toAppendedEvents(events: readonly NewEvent[]): readonly AppendedEvent[] {
  const within = AsyncLocalStorage.snapshot();
  return events.map((event) => ({ event, within }));
}

/** Gives events their places behind a head; a fresh head brings its first event. */
export function chainEvents(
  head: LedgerHead,
  events: readonly AppendedEvent[],
  recordedAt: number,
): readonly ChainedEvent[] {
  const begun = isFresh(head) ? [...toAppendedEvents([toStartEvent(head)]), ...events] : events;
  const chained: ChainedEvent[] = [];
  for (const { event, within } of begun) {
    const { once, ...content } = event;
    const previousHash = chained.at(-1)?.event.hash ?? head.hash;
    const placed = { ...content, sequence: head.next + chained.length, previousHash, recordedAt };
    chained.push({ event: { ...placed, hash: hashEvent(placed) }, once, within });
  }
  return chained;
}

/** The hash leaves with the log: who cuts the ledger in storage can't cut it there. */
export function logEvents(log: Log, chained: readonly ChainedEvent[]): void {
  for (const { event, within } of chained) {
    const { sequence, hash, act, actor } = event;
    within(() => log.info('audit.recorded', { sequence, hash, act, actor }));
  }
}

/** The first event of a ledger names it. */
function toStartEvent({ ledgerId, startedBy = 'broker' }: LedgerHead): NewEvent {
  return {
    actor: startedBy,
    act: 'ledger.start',
    tenantHash: undefined,
    subject: ledgerId,
    detail: undefined,
    changes: [],
    rows: [],
    occurredAt: undefined,
    correlationId: ledgerId,
    once: undefined,
  };
}
