import type { Calls } from '../incidents/sync/budget.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';
import type { Store } from '../store.ts';

/** A customer's API of incidents, whose quota the proxy and the sync share. */
export interface ApiCallsKey {
  readonly tenantId: string;
  readonly resource: IncidentSourceName;
}

/** What the proxy's callers used of the quota, in all processes. */
export interface ApiCalls extends ApiCallsKey {
  /** Of the last hour; a process counts some ahead of their use. */
  readonly calls: Calls;
  /** Until when the API asked to be left alone, in epoch milliseconds. */
  readonly blockedUntil: number;
}

/** The customers' counts: one row per tenant and API. */
export interface ApiCallsStore extends Store<ApiCallsKey, ApiCalls> {
  /** Answers how many were removed. */
  removeTenant(tenantId: string): Promise<number>;
}
