import type { RecordEvent } from '../audit/record-event.ts';
import type { Caller } from '../callers/caller.ts';
import type { Log } from '../log.ts';
import type { IncidentSourceName } from '../resources/incident-sources.ts';
import { assertServed, withConsentUrl } from '../tenants/assert-served.ts';
import type { GetConsentUrl } from '../tenants/consent-url.ts';
import type { IncidentSources } from './get-incident.ts';
import type { FetchedIncident } from './incident.ts';
import type { IncidentAccess } from './incident-access.ts';
import type { IncidentStore } from './incident-store.ts';
import { type IncidentUpdateInput, parseIncidentUpdate } from './incident-update.ts';
import { toIncidentNotFoundError, toProblemError } from './source-problem.ts';
import type { SyncStateStore } from './sync/sync-state.ts';

/** What a caller wants to change. */
interface UpdateRequest {
  readonly caller: Caller;
  /** GUID or domain. */
  readonly tenant: string;
  readonly incidentId: string;
  readonly input: IncidentUpdateInput;
  readonly correlationId: string;
  /** The agents' tool that it came through, for the audit. */
  readonly tool?: string;
}

/** Changes an incident at Microsoft; answers it as it is afterwards. */
export type UpdateIncident = (request: UpdateRequest) => Promise<FetchedIncident>;

/**
 * Creates the change: may they, does the tenant stand, is it sensible; then Microsoft, the ledger,
 * the store.
 */
export function createUpdateIncident(parts: {
  access: IncidentAccess;
  incidents: Pick<IncidentStore, 'find'>;
  syncStates: Pick<SyncStateStore, 'find'>;
  sources: IncidentSources;
  defaultSource: IncidentSourceName;
  /** The sync's way into store and feed. */
  write: (tenantId: string, fetched: readonly FetchedIncident[]) => Promise<unknown>;
  recordEvent: RecordEvent;
  getConsentUrl: GetConsentUrl;
  log: Log;
}): UpdateIncident {
  const { getConsentUrl } = parts;

  /**
   * Microsoft has changed it: an error would have the caller repeat it. The next sync brings what
   * is missing.
   */
  const writeOrLeave = async (fetched: FetchedIncident) => {
    try {
      await parts.write(fetched.incident.tenantId, [fetched]);
    } catch {
      parts.log.warn('incident.update_not_stored', { tenant: fetched.incident.tenantId });
    }
  };

  return async ({ caller, tenant: name, incidentId, input, correlationId, tool }) => {
    const tenant = await parts.access.getTenant(caller, name, 'Incidents.Write');
    await assertServed(tenant, getConsentUrl);
    const key = { tenantId: tenant.tenantId, incidentId };
    const stored = await parts.incidents.find(key);
    const known = stored === 'unreadable' ? undefined : stored?.incident;
    const update = parseIncidentUpdate(input, known?.classification);
    const state = await parts.syncStates.find(key.tenantId);
    const source = state?.value.source ?? parts.defaultSource;
    const fetched = await parts.sources[source].update(key, update).catch(async (thrown) => {
      throw await withConsentUrl(toProblemError(thrown, source, 'write'), tenant, getConsentUrl);
    });
    if (!fetched) throw toIncidentNotFoundError();
    const done = { act: 'incident.update', tenantId: key.tenantId, subject: incidentId } as const;
    const fields = listFields(input);
    const detail = tool === undefined ? fields : `${fields} by the tool ${tool}`;
    const recording = parts.recordEvent({ ...done, actor: caller.id, detail, correlationId });
    await Promise.all([recording, writeOrLeave(fetched)]);
    return fetched;
  };
}

/** Which fields were sent; never their values. */
function listFields(input: IncidentUpdateInput): string {
  return Object.entries(input)
    .filter(([, value]) => value !== undefined)
    .map(([field]) => field)
    .join(' ');
}
