import type { Incident } from '../incident.ts';

/**
 * What may happen to an incident. `merged`: redirected to another one, which takes over its alerts.
 */
export const CHANGE_KINDS = ['created', 'updated', 'merged'] as const;

/** What happened to an incident. */
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** What happened to an incident, with the incident as it was afterwards. */
export interface IncidentChange {
  readonly kind: ChangeKind;
  readonly incident: Incident;
  /** Epoch milliseconds. */
  readonly recordedAt: number;
}

/** A change with its place in the feed. */
export interface SequencedChange extends IncidentChange {
  /** Grows by one with each change of any tenant; gaps are changes that were removed. */
  readonly sequence: number;
}

/** The place of a change that can't be read; `tenantId` is `undefined` where not even that can. */
interface UnreadableChange {
  readonly sequence: number;
  readonly tenantId: string | undefined;
}

/** A stretch of the feed. */
export interface FeedPage {
  readonly changes: readonly SequencedChange[];
  /** Changes that do not hold what was written. */
  readonly unreadable: readonly UnreadableChange[];
  /**
   * The position after this page: pass it as `after`. Equal to `after` when there was nothing new.
   */
  readonly position: number;
}

/**
 * One ordered log of the changes of all tenants' incidents: what was appended is never lost,
 * changed or reordered.
 */
export interface ChangeFeed {
  /**
   * Appends in the given order, with consecutive numbers, all or nothing per batch of at most 99.
   */
  append(changes: readonly IncidentChange[]): Promise<void>;
  /** Changes after a position, in order, at most `limit`. */
  read(after: number, limit: number): Promise<FeedPage>;
  /** The first position that can still be resumed from, and the last one. */
  bounds(): Promise<{ readonly first: number; readonly last: number }>;
  /** Removes every change of a tenant; answers how many. */
  removeTenant(tenantId: string): Promise<number>;
  /**
   * Removes up to `limit` of the oldest changes recorded before a time (epoch milliseconds);
   * answers how many.
   */
  removeBefore(time: number, limit: number): Promise<number>;
}
