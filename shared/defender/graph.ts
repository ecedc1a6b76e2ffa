import type { FetchedIncident, IncidentKey } from '../incidents/incident.ts';
import { type IncidentSource, SourceError } from '../incidents/incident-source.ts';
import type { IncidentUpdate } from '../incidents/incident-update.ts';
import { RESOURCES } from '../resources/resources.ts';
import type { ApiOptions } from './defender-http.ts';
import { findGraphIncident, isOfOtherTenant } from './graph-incident.ts';
import { createIncidentApi, type IncidentApi } from './incident-api.ts';

/** The security incidents of Microsoft Graph v1.0 ("List incidents", Microsoft Learn). */
export function createGraphSource(options: ApiOptions): IncidentSource {
  const { incidents } = RESOURCES.graph;
  const pageSize = 50;
  const api = createIncidentApi(
    {
      listPath: incidents.path,
      pageSize,
      roles: incidents.roles,
      timeFields: { created: 'createdDateTime', updated: 'lastUpdateDateTime' },
      // Else members that are newer than the API's version read `unknownFutureValue`.
      headers: { prefer: 'include-unknown-enum-members' },
      idField: 'id',
      findIncident: findGraphIncident,
      isOfOtherTenant,
    },
    options,
  );
  return {
    name: 'graph',
    pageSize,
    list: api.list,
    get: (key, { alerts }) => (alerts ? getWithAlerts(api, key) : api.get(key)),
    update: (key, update) => updateIncident(api, key, update),
  };
}

/**
 * Large tenants get lasting 500s for `$expand`: an incident without its alerts is better than none.
 */
async function getWithAlerts(
  api: IncidentApi,
  key: IncidentKey,
): Promise<FetchedIncident | undefined> {
  try {
    return await api.get(key, '?$expand=alerts');
  } catch (error) {
    const isFailing = error instanceof SourceError && error.problem === 'unavailable';
    if (!isFailing || error.retryAfterMs !== undefined) throw error;
    return await api.get(key);
  }
}

/**
 * A comment is a request of its own. It goes last: what was refused or lost half-way can be asked
 * for again, and only a comment would then be there twice.
 */
async function updateIncident(
  api: IncidentApi,
  key: IncidentKey,
  { comment, ...fields }: IncidentUpdate,
): Promise<FetchedIncident | undefined> {
  const change = toChange(fields);
  const changed = hasMembers(change) ? await api.patch(key, change) : await api.get(key);
  if (!changed || comment === undefined) return changed;
  const item = { '@odata.type': 'microsoft.graph.security.alertComment', comment };
  if (!(await api.post(key, 'comments', item))) return undefined;
  // All is done; if it can't be read again, the next sync brings the comment.
  return await api.get(key).catch(() => changed);
}

/** Absent members are left out of the JSON; nobody is `null` here. */
function toChange({ tags, assignedTo, ...same }: Omit<IncidentUpdate, 'comment'>): object {
  return { ...same, assignedTo: assignedTo === '' ? null : assignedTo, customTags: tags };
}

function hasMembers(change: object): boolean {
  return Object.values(change).some((value) => value !== undefined);
}
