import type { Caller } from '../callers/caller.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';
import { assertServed, withConsentUrl } from '../tenants/assert-served.ts';
import type { GetConsentUrl } from '../tenants/consent-url.ts';
import type { Tenant } from '../tenants/tenant.ts';
import {
  type CoverageReport,
  type CoverageRules,
  toCoverageReport,
} from './coverage/coverage-report.ts';
import type { IncidentAccess } from './incident-access.ts';
import type { IncidentSource } from './incident-source.ts';
import type { IncidentStore, StoredIncident } from './incident-store.ts';
import { toIncidentNotFoundError, toProblemError } from './source-problem.ts';
import type { SyncStateStore } from './sync/sync-state.ts';

/** Which incident a caller wants to see. */
interface IncidentRequest {
  readonly caller: Caller;
  /** GUID or domain. */
  readonly tenant: string;
  readonly incidentId: string;
  /** Asks Microsoft now, with the alerts, instead of the store. */
  readonly withAlerts: boolean;
}

/** An incident with what is known to be complete of its tenant. */
interface IncidentAnswer extends StoredIncident {
  readonly coverage: CoverageReport;
}

/** One incident; rejects with `incident_not_found` only where the tenant is granted. */
export type GetIncident = (request: IncidentRequest) => Promise<IncidentAnswer>;

/** The APIs by name. */
export type IncidentSources = Readonly<Record<IncidentSourceName, IncidentSource>>;

interface Parts {
  readonly access: IncidentAccess;
  readonly incidents: Pick<IncidentStore, 'find'>;
  readonly syncStates: Pick<SyncStateStore, 'find'>;
  readonly sources: IncidentSources;
  readonly getConsentUrl: GetConsentUrl;
  readonly rules: CoverageRules;
  readonly now: () => number;
}

/** Creates the read. */
export function createGetIncident(parts: Parts): GetIncident {
  const { access, incidents, syncStates, rules, now } = parts;
  return async ({ caller, tenant: name, incidentId, withAlerts }) => {
    const tenant = await access.getTenant(caller, name, 'Incidents.Read');
    const { tenantId } = tenant;
    const state = (await syncStates.find(tenantId))?.value;
    const coverage = toCoverageReport(tenant, state, { ...rules, now: now() });
    const stored = withAlerts ? 'unreadable' : await incidents.find({ tenantId, incidentId });
    // Microsoft still has what storage does not hold any more.
    const found =
      stored === 'unreadable'
        ? await fetchLive(parts, { tenant, incidentId, source: coverage.source })
        : stored;
    if (!found) throw toIncidentNotFoundError();
    return { ...found, coverage };
  };
}

async function fetchLive(
  { sources, getConsentUrl }: Parts,
  {
    tenant,
    incidentId,
    source,
  }: { tenant: Tenant; incidentId: string; source: IncidentSourceName },
): Promise<StoredIncident | undefined> {
  await assertServed(tenant, getConsentUrl);
  try {
    return await sources[source].get({ tenantId: tenant.tenantId, incidentId }, { alerts: true });
  } catch (thrown) {
    throw await withConsentUrl(toProblemError(thrown, source, 'read'), tenant, getConsentUrl);
  }
}
