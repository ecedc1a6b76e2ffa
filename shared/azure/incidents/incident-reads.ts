import type { TableClient } from '@azure/data-tables';
import type { IncidentKey } from '../../incidents/incident.ts';
import type { IncidentQuery, StoredIncident } from '../../incidents/incident-store.ts';
import { odata } from '../odata.ts';
import { reachStorage } from '../storage-error.ts';
import { type OpenTable, type ReadRow, readRows } from '../table-store.ts';
import {
  findOverflow,
  findRaw,
  findRowKey,
  LIST_COLUMNS,
  parseListed,
  parseOverflow,
  toFiltered,
} from './incident-row.ts';
import type { Overflow } from './overflow.ts';

/** A row that is replaced while its blob is read has another blob then. */
const READ_ATTEMPTS = 3;

/** The incident with its raw JSON, from wherever it is. */
export async function findIncident(
  { client, overflow }: { client: TableClient; overflow: Overflow },
  { tenantId, incidentId }: IncidentKey,
): Promise<StoredIncident | undefined> {
  const rowKey = findRowKey(incidentId);
  if (rowKey === undefined) return undefined;
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
    const row = await reachStorage(
      () => client.getEntity<Record<string, unknown>>(tenantId, rowKey),
      [404],
    );
    if (!row) return undefined;
    const name = findOverflow(row);
    if (name === undefined) return { incident: parseListed(row), raw: findRaw(row) };
    const content = await overflow.find(name);
    if (content) return parseOverflow(content);
  }
  throw new Error('The blob that an incident points to is missing.');
}

/** The name of the blob that an incident's row points to. */
export async function findBlobName(
  client: TableClient,
  { tenantId, incidentId }: IncidentKey,
): Promise<string | undefined> {
  const rowKey = findRowKey(incidentId);
  if (rowKey === undefined) return undefined;
  const row = await reachStorage(
    () =>
      client.getEntity<Record<string, unknown>>(tenantId, rowKey, {
        queryOptions: { select: ['overflow'] },
      }),
    [404],
  );
  return row && findOverflow(row);
}

/** One row more than the query asks for, where there is one. */
export async function readPage(open: OpenTable, query: IncidentQuery): Promise<readonly ReadRow[]> {
  const { tenantId, severity, status, assignedTo, updatedSince, createdSince } = query;
  const after = query.after === undefined ? undefined : findRowKey(query.after);
  const filter = [
    odata`PartitionKey eq ${tenantId}`,
    after && odata`RowKey gt ${after}`,
    severity && odata`severity eq ${toFiltered(severity)}`,
    status && odata`status eq ${toFiltered(status)}`,
    assignedTo && odata`assignedTo eq ${toFiltered(assignedTo)}`,
    updatedSince && odata`lastUpdateAt ge ${updatedSince}`,
    createdSince && odata`createdAt ge ${createdSince}`,
  ]
    .filter(Boolean)
    .join(' and ');
  const wanted = { filter, select: LIST_COLUMNS };
  return await reachStorage(() => readRows(open, wanted, query.limit + 1));
}
