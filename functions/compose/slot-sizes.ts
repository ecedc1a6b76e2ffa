/**
 * How many works of each kind run at once in a process. A host takes more messages than that
 * (host.json), so that the broker sees whether others wait.
 */
export const SLOT_SIZES = {
  /**
   * Requests to Entra: a hundred keep a processor busy. With the slow ones they are fewer than the
   * 600 connections that an instance may have.
   */
  refresh: { slots: 100, slowCalls: 400, stopsCalls: true },
  /** Tenants whose incidents are read: each may have a page of 8 MiB in memory. */
  sync: { slots: 24, slowCalls: 72, stopsCalls: true },
  /** Subscriptions: no receiver is stopped, since a failure would count against it. */
  webhooks: { slots: 24, slowCalls: 72, stopsCalls: false },
} as const;
