import type { IncidentStore } from '../../incidents/incident-store.ts';
import type { BlobContainer } from '../blobs/blob-container.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import { type RowAction, writeRows } from '../tables/row-batch.ts';
import type { RowLog } from '../tables/row-log.ts';
import type { OpenTable } from '../tables/table-store.ts';
import { findListed, findRaws } from './incident-lookups.ts';
import { findBlobName, findIncident, listIncidents } from './incident-reads.ts';
import { findRowKey, PUBLISHED } from './incident-row.ts';
import { saveIncidents } from './incident-save.ts';
import { findVersions } from './incident-versions.ts';
import { createOverflow } from './overflow.ts';
import { removePartition, removeRowsBefore } from './removal.ts';

/** The incidents, and what the daily sweep removes besides. */
interface IncidentTable extends IncidentStore {
  /** Removes blobs that crashes left behind; answers how many. */
  removeOrphans(now: number): Promise<number>;
}

/** Where incidents are kept. */
interface IncidentStorage {
  readonly open: OpenTable;
  readonly blobs: BlobContainer;
}

/**
 * The table `incidents`: one partition per tenant, the newest id first; what is too large for a row
 * is in a blob.
 */
export function createIncidentTable({ open, blobs }: IncidentStorage, log: RowLog): IncidentTable {
  const overflow = createOverflow(blobs);
  const reach = () => reachStorage(open);

  return {
    findVersions: async (tenantId, ids) => await findVersions(await reach(), tenantId, ids),
    save: async (tenantId, writes) =>
      await saveIncidents(await reach(), { tenantId, writes, overflow }),
    markPublished: async (tenantId, etags) => {
      const actions = [...etags].map(([incidentId, etag]): RowAction => {
        const rowKey = findRowKey(incidentId) ?? '';
        return { merge: { partitionKey: tenantId, rowKey, unpublished: PUBLISHED }, etag };
      });
      await writeRows(await reach(), actions);
    },
    find: async (key) => await findIncident({ client: await reach(), overflow, log }, key),
    findListed: async (keys) => await findListed(await reach(), keys, log),
    findRaws: async (keys) => await findRaws(await reach(), keys),
    list: (query) => reachStorage(() => listIncidents(open, query, log)),
    removeTenant: async (tenantId) => {
      const removed = await removePartition(await reach(), odata`PartitionKey eq ${tenantId}`);
      await overflow.removeTenant(tenantId);
      return removed;
    },
    removeBefore: async (tenantId, old) => {
      const { removed, blobNames } = await removeRowsBefore(await reach(), { tenantId, ...old });
      await overflow.remove(blobNames);
      return removed;
    },
    removeOrphans: async (now) => {
      const client = await reach();
      return await overflow.removeOrphans(now, (key) => findBlobName(client, key));
    },
  };
}
