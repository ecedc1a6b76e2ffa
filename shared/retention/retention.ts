import type { TenantSettings } from '../tenants/tenant-settings.ts';
import { DAY } from '../time.ts';

/**
 * How long records are kept: this file decides it, and the sweeps beside it ask. A sweep is one
 * part of the daily timer; `sweep-incidents.ts` removes incidents, and so on.
 *
 * Example: a tenant has `incident_retention_days` 90. On 1 December its incidents whose last update
 * is of 2 September or before are removed; those of other tenants follow `INCIDENT_RETENTION_DAYS`.
 *
 * To let operators set another kind of record per tenant: add the setting to `tenant-settings.ts`,
 * read it in the table below, and hand the tenant over in the sweep of that kind. Incidents and
 * notifications belong to one tenant. A hunt belongs to many: its results of one tenant may go
 * sooner, never later, and its verdicts have to say so. The ledger is one chain for all tenants,
 * which is cut at its oldest end only, so audit events have no retention of a tenant's own.
 */
export type GetRetentionMs = (kind: RecordKind, tenant?: RetentionSettings) => number;

/** What is removed when it is old. Hunts include their results; audit includes issuances. */
type RecordKind = 'incidents' | 'changes' | 'notifications' | 'audit' | 'hunts';

/** What operators may set about it for one tenant. */
type RetentionSettings = Pick<TenantSettings, 'incidentRetentionDays'>;

/** What the app's settings say about it. */
interface RetentionDefaults {
  readonly incidentRetentionDays: number;
  readonly auditRetentionDays: number;
  readonly hunting: { readonly retentionDays: number };
}

/**
 * A reader of the feed, or a receiver, may stay away so long. A change holds the incident as it
 * was, so no tenant's incidents may be kept shorter (`MIN_INCIDENT_RETENTION_DAYS`).
 */
const FEED_RETENTION_DAYS = 30;

/** Creates the answer to how long a kind of record is kept, in milliseconds. */
export function createGetRetentionMs(defaults: RetentionDefaults): GetRetentionMs {
  const days: Readonly<Record<RecordKind, (tenant?: RetentionSettings) => number>> = {
    incidents: (tenant) => tenant?.incidentRetentionDays ?? defaults.incidentRetentionDays,
    changes: () => FEED_RETENTION_DAYS,
    notifications: () => FEED_RETENTION_DAYS,
    audit: () => defaults.auditRetentionDays,
    hunts: () => defaults.hunting.retentionDays,
  };
  return (kind, tenant) => days[kind](tenant) * DAY;
}
