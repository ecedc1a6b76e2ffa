import type { Tenant } from './tenant.ts';

/**
 * The link on which a known tenant's admin grants what is missing. `undefined`: the tenant was
 * never let in, so the link that it was invited with is the only one; another, pinned to it, would
 * let in whom nobody invited.
 */
export type GetConsentUrl = (tenant: Tenant) => Promise<string | undefined>;
