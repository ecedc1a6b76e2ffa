import * as v from 'valibot';
import type { ApiCalls, ApiCallsKey, ApiCallsStore } from '../../proxy/api-calls.ts';
import { INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { createTableStore, type Mapping, type OpenTable } from '../tables/table-store.ts';
import { callsSchema } from './sync-state-json.ts';

/** What can't be read is counted anew: it only spares the API. */
const rowSchema = v.object({
  partitionKey: v.string(),
  rowKey: v.picklist(INCIDENT_SOURCES),
  calls: v.fallback(v.pipe(v.string(), v.parseJson(), callsSchema), []),
  blockedUntil: v.fallback(v.date(), new Date(0)),
});

const mapping: Mapping<ApiCallsKey, ApiCalls> = {
  toRowId: ({ tenantId, resource }) => ({ partitionKey: tenantId, rowKey: resource }),
  toRow: ({ tenantId, resource, calls, blockedUntil }) => ({
    partitionKey: tenantId,
    rowKey: resource,
    calls: JSON.stringify(calls),
    blockedUntil: new Date(blockedUntil),
  }),
  parseRow: (row) => {
    const { partitionKey, rowKey, calls, blockedUntil } = v.parse(rowSchema, row);
    return {
      tenantId: partitionKey,
      resource: rowKey,
      calls,
      blockedUntil: blockedUntil.getTime(),
    };
  },
};

/** The table `apicalls`: a partition per tenant with a row per API. */
export function createApiCallsTable(open: OpenTable): ApiCallsStore {
  const store = createTableStore(open, mapping);
  return {
    ...store,
    async removeTenant(tenantId) {
      let removed = 0;
      for (const resource of INCIDENT_SOURCES) {
        if (!(await store.find({ tenantId, resource }))) continue;
        await store.remove({ tenantId, resource });
        removed++;
      }
      return removed;
    },
  };
}
