import type { TableClient } from '@azure/data-tables';
import { settleAll } from '../../concurrency.ts';
import type { IncidentWrite } from '../../incidents/incident-store.ts';
import { type RowAction, writeRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { toPackedIncident } from './incident-row.ts';
import { findVersions } from './incident-versions.ts';
import type { Overflow } from './overflow.ts';

/** Incidents packed, or blobs written, at once. */
const CONCURRENCY = 4;

/** What is written to one tenant's partition. */
interface Save {
  readonly tenantId: string;
  readonly writes: readonly IncidentWrite[];
  readonly overflow: Overflow;
}

/**
 * Writes each incident over the version that was seen: its blob, the row that names it, and then
 * the blob before is removed. Killed between any two, the row names a blob that is there.
 */
export async function saveIncidents(
  client: TableClient,
  save: Save,
): Promise<ReadonlyMap<string, string>> {
  const { tenantId, writes, overflow } = save;
  const actions = await settleAll(writes, CONCURRENCY, (write) => toAction(save, write));
  const etags = await writeRows(client, actions.map(take));
  const saved = writes.flatMap((write, index) => {
    const etag = etags[index];
    return etag === undefined ? [] : [{ write, etag }];
  });
  const overtaken = writes.filter((_, index) => etags[index] === undefined);
  const own = await findOwn(client, tenantId, overtaken);
  await overflow.remove(saved.flatMap(({ write }) => write.seen?.overflow ?? []));
  return new Map([
    ...saved.map(({ write, etag }) => [write.incident.incidentId, etag] as const),
    ...own,
  ]);
}

function take<T>(outcome: PromiseSettledResult<T>): T {
  if (outcome.status === 'rejected') throw outcome.reason;
  return outcome.value;
}

/** The write of one row; what is too large for it is in its blob before the row says so. */
async function toAction({ tenantId, overflow }: Save, write: IncidentWrite): Promise<RowAction> {
  const { row, overflow: content } = await toPackedIncident(tenantId, write);
  const { incidentId } = write.incident;
  const version = { tenantId, incidentId, rawHash: write.rawHash };
  const name = content && (await overflow.put(version, content));
  const whole = checkRow({ ...row, overflow: name });
  return write.seen ? { replace: whole, etag: write.seen.etag } : { create: whole };
}

/**
 * The answer to a write can be lost; its retry then finds a changed row, changed by us: as good as
 * written.
 */
async function findOwn(
  client: TableClient,
  tenantId: string,
  writes: readonly IncidentWrite[],
): Promise<ReadonlyMap<string, string>> {
  const ids = writes.map(({ incident }) => incident.incidentId);
  const versions = await findVersions(client, tenantId, ids);
  return new Map(
    writes.flatMap(({ incident, contentHash, rawHash }) => {
      const version = versions.get(incident.incidentId);
      const isOwn =
        version?.contentHash === contentHash &&
        version.rawHash === rawHash &&
        version.lastUpdateAt === incident.lastUpdateAt &&
        version.unpublished !== undefined;
      return isOwn ? [[incident.incidentId, version.etag]] : [];
    }),
  );
}
