import type { ResourceName } from '../resources/resources.ts';
import type { Store } from '../store.ts';
import type { Cause } from '../tokens/failure-table.ts';
import { createSettings, type TenantSettings } from './tenant-settings.ts';

/** The states of a tenant's life with us. */
export const TENANT_STATUSES = [
  'verifying',
  'active',
  'partial',
  'consent_revoked',
  'disabled',
  'offboarded',
] as const;

/** Where a tenant stands; only permanent causes and people change it. */
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/** What a fresh token proved about one resource. */
export interface ResourceProof {
  readonly granted: readonly string[];
  readonly missing: readonly string[];
  /**
   * What customers are asked for beside it and did not grant, or what Microsoft has not applied
   * yet.
   */
  readonly lacking?: readonly string[];
  /** Why no token could be had, when none could. */
  readonly cause?: Cause;
  /** No role of it is required, so it says nothing of the tenant's status. */
  readonly optional?: true;
  readonly checkedAt: number;
}

/** A proof under way: retried until `until`, next at `nextAt` (epoch milliseconds). */
export interface Verification {
  readonly startedAt: number;
  readonly until: number;
  readonly nextAt: number;
  readonly attempt: number;
  /** Hash of the invitation that a success uses up. */
  readonly invitation?: string | undefined;
}

/** The last failure of a tenant, with what it was about and since when it lasts. */
interface TenantFailure {
  readonly cause: Cause;
  readonly resource: ResourceName;
  readonly at: number;
}

/** A pinned invitation kept with the tenant, so that each refusal names the same working link. */
export interface ReconsentInvitation {
  readonly id: string;
  readonly expiresAt: number;
}

/** The end of a tenant's life with us; it stays with the tombstone. */
export interface Offboarding {
  readonly id: string;
  readonly at: number;
  /** When everything else was removed; `undefined`: that is not finished. */
  readonly purgedAt: number | undefined;
  /** How many traces were removed, by kind. */
  readonly removed: Readonly<Record<string, number>>;
}

/**
 * A customer's directory, keyed by its lower-case GUID, with what operators set for it. Times are
 * epoch milliseconds.
 */
export interface Tenant extends TenantSettings {
  readonly tenantId: string;
  readonly status: TenantStatus;
  /** A domain of which Entra says that it is this tenant's, from a sign-in or the invitation. */
  readonly domain: string | undefined;
  readonly proofs: Readonly<Partial<Record<ResourceName, ResourceProof>>>;
  readonly verification: Verification | undefined;
  readonly failure: TenantFailure | undefined;
  readonly reconsent: ReconsentInvitation | undefined;
  /**
   * Hash of the invitation that a proof has to take before this tenant is served for the first
   * time.
   */
  readonly pendingInvitation: string | undefined;
  /** Until then no failure changes the status: the last change proved to be wrong. */
  readonly sparedUntil: number | undefined;
  /** With the status `offboarded`. */
  readonly offboarding: Offboarding | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly consentedAt: number | undefined;
}

/** Whether callers get this tenant's tokens. */
export function isServed({ status }: Tenant): boolean {
  return status === 'active' || status === 'partial';
}

/** Whether a consent of the customer's admin would repair this tenant. */
export function isIncomplete({ status }: Tenant): boolean {
  return status === 'partial' || status === 'consent_revoked';
}

/** One page of tenants in GUID order. */
export interface TenantPage {
  readonly tenants: readonly Tenant[];
  /** Pass as `after` for the next page; `undefined` on the last. */
  readonly next: string | undefined;
}

/** The tenants' records. */
export interface TenantStore extends Store<string, Tenant> {
  /** Tenants in GUID order after the given GUID; `limit` is at most 1,000. */
  list(query: { after?: string; limit: number; status?: TenantStatus }): Promise<TenantPage>;
  /**
   * How many tenants have been failing alike since a time (epoch milliseconds); counts up to
   * `limit`.
   */
  countFailing(query: { cause: Cause; since: number; limit: number }): Promise<number>;
}

/** A tenant that nobody has consented for yet. */
export function createTenant(tenantId: string, now: number): Tenant {
  return {
    tenantId,
    status: 'verifying',
    ...createSettings(),
    domain: undefined,
    proofs: {},
    verification: undefined,
    failure: undefined,
    reconsent: undefined,
    pendingInvitation: undefined,
    sparedUntil: undefined,
    offboarding: undefined,
    createdAt: now,
    updatedAt: now,
    consentedAt: undefined,
  };
}
