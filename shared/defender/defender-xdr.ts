import type { IncidentSource } from '../incidents/incident-source.ts';
import type { IncidentUpdate } from '../incidents/incident-update.ts';
import { RESOURCES } from '../resources/resources.ts';
import type { ApiOptions } from './defender-http.ts';
import { createIncidentApi } from './incident-api.ts';
import { toXdrName } from './words.ts';
import { findXdrIncident } from './xdr-incident.ts';

/** The incidents of the Microsoft Defender XDR API ("List incidents API", Microsoft Learn). */
export function createDefenderXdrSource(options: ApiOptions): IncidentSource {
  const { incidents } = RESOURCES['defender-xdr'];
  const pageSize = 100;
  const api = createIncidentApi(
    {
      listPath: incidents.path,
      pageSize,
      roles: incidents.roles,
      timeFields: { created: 'createdTime', updated: 'lastUpdateTime' },
      idField: 'incidentId',
      findIncident: findXdrIncident,
      // Its rows name no tenant.
      isOfOtherTenant: () => false,
    },
    options,
  );
  return {
    name: 'defender-xdr',
    pageSize,
    list: api.list,
    // Alerts come in any case.
    get: (key) => api.get(key),
    update: (key, update) => api.patch(key, toChange(update)),
  };
}

/** Absent members are left out of the JSON. */
function toChange({ status, classification, determination, ...same }: IncidentUpdate): object {
  return {
    ...same,
    status: status && toXdrName(status),
    classification: classification && toXdrName(classification),
    determination: determination && toXdrName(determination),
  };
}
