import type { Caller } from '../../callers/caller.ts';
import type { IncidentQuery } from '../incident-store.ts';

/** Which incidents of which tenants; conditions are joined by "and". */
export interface ListQuery extends Omit<IncidentQuery, 'tenantId' | 'after'> {
  readonly caller: Caller;
  /** GUID or domain; `undefined`: every tenant that the caller is granted. */
  readonly tenant: string | undefined;
  /** Only tenants with this tag. */
  readonly tag: string | undefined;
  readonly cursor: string | undefined;
  /** With the API's JSON of each; pages are shorter then. */
  readonly withRaw?: boolean;
}
