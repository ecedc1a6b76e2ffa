import type { RowChange } from './row-state.ts';

/** What audit events are about. */
export const AUDIT_EVENT_NAMES = [
  'ledger.start',
  'invitation.create',
  'invitation.approve',
  'invitation.revoke',
  'invitation.change',
  'tenant.patch',
  'tenant.verify',
  'tenant.offboard',
  'tenant.change',
  'grants.put',
  'grants.remove',
  'grants.change',
  'caller.block',
  'caller.unblock',
  'policy.simulate',
  'credential.put',
  'credential.refused',
  'incident.update',
  'api.call',
  'subscription.create',
  'subscription.patch',
  'subscription.remove',
  'subscription.replay',
  'subscription.rotate',
  'subscription.test',
  'subscription.change',
  'hunt.create',
  'hunt.cancel',
  'hunt.remove',
  'query.put',
  'query.remove',
  'integrity.accept',
] as const;

/**
 * What an audit event is about; `….change` is what nobody asked for by itself, such as a status
 * that a proof moved.
 */
export type AuditEventName = (typeof AUDIT_EVENT_NAMES)[number];

/** One field of a record before and after; tenants are named by their hash. */
export interface FieldChange {
  readonly field: string;
  /** `undefined`: it was not there. */
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What happened. Epoch milliseconds. */
interface EventContent {
  /** Caller id of who did it; `broker` for what the broker did by itself. */
  readonly actor: string;
  readonly act: AuditEventName;
  readonly tenantHash: string | undefined;
  /**
   * The caller whose grants were changed, the hash of the invitation, the id of the incident or
   * subscription, or the version of the credential.
   */
  readonly subject: string | undefined;
  /** What was asked for, in a word; never a tenant's id. */
  readonly detail: string | undefined;
  /** What it came to. */
  readonly changes: readonly FieldChange[];
  /** The rows that it changed, as they are now. */
  readonly rows: readonly RowChange[];
  /** When it happened, where that is not when it was recorded. */
  readonly occurredAt: number | undefined;
  readonly correlationId: string;
}

/** An event before it has its place in the chain. */
export interface NewEvent extends EventContent {
  /** Of events with the same name only the first is recorded, whichever processes notice it. */
  readonly once: string | undefined;
}

/** An event in the chain: numbered without a gap, each with the hash of the one before. */
export interface AuditEvent extends EventContent {
  readonly sequence: number;
  readonly previousHash: string;
  readonly hash: string;
  readonly recordedAt: number;
}
