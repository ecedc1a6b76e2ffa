import type { TableClient } from '@azure/data-tables';
import { createBoundedPage } from '../../incidents/bounded-page.ts';
import type { Incident, IncidentKey } from '../../incidents/incident.ts';
import type {
  IncidentListing,
  IncidentQuery,
  StoredIncident,
} from '../../incidents/incident-store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { anyOf, odata } from '../tables/odata.ts';
import type { RowLog } from '../tables/row-log.ts';
import { type OpenTable, parseReadable, readPages } from '../tables/table-store.ts';
import {
  findOverflow,
  findRowKey,
  LIST_COLUMNS,
  parseListed,
  parseOverflow,
  parseWhole,
  toFiltered,
  toIncidentId,
} from './incident-row.ts';
import type { Overflow } from './overflow.ts';

/** A row that is replaced while its blob is read has another blob then. */
const READ_ATTEMPTS = 3;

/** Rows that a list holds at once, enough for a page of 100: at 256 KiB the largest, 25 MiB. */
const ROWS_AT_ONCE = 101;

/** The incident with its raw JSON, from wherever it is; a row that can't be read is logged. */
export async function findIncident(
  { client, overflow, log }: { client: TableClient; overflow: Overflow; log: RowLog },
  { tenantId, incidentId }: IncidentKey,
): Promise<StoredIncident | 'unreadable' | undefined> {
  const rowKey = findRowKey(incidentId);
  if (rowKey === undefined) return undefined;
  for (let attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
    const row = await reachStorage(
      () => client.getEntity<Record<string, unknown>>(tenantId, rowKey),
      [404],
    );
    if (!row) return undefined;
    const name = findOverflow(row);
    const content = name === undefined ? undefined : await overflow.find(name);
    if (name !== undefined && !content) continue;
    const parse = () => (content ? parseOverflow(content, row) : parseWhole(row));
    const [incident] = parseReadable([row], parse, log);
    return incident ?? 'unreadable';
  }
  log.error('row.unreadable', { partition: tenantId, row: rowKey });
  return 'unreadable';
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

/** A page of a tenant's incidents. Rows that can't be read are logged. */
export async function listIncidents(
  open: OpenTable,
  query: IncidentQuery,
  log: RowLog,
): Promise<IncidentListing> {
  const page = createBoundedPage<Incident>(query.limit);
  const unreadable: string[] = [];
  let looked = 0;
  let last: string | undefined;
  const wanted = { filter: toFilter(query), select: LIST_COLUMNS };
  for await (const rows of readPages(open, wanted, Math.min(query.limit + 1, ROWS_AT_ONCE))) {
    for (const row of rows) {
      if (looked++ === query.limit) return { incidents: page.rows, unreadable, next: last };
      const [incident] = parseReadable([row], parseListed, log);
      const id = toIncidentId(row.rowKey ?? '');
      if (!incident) unreadable.push(id);
      else if (!page.add(incident)) return { incidents: page.rows, unreadable, next: last };
      last = id;
    }
  }
  return { incidents: page.rows, unreadable, next: undefined };
}

function toFilter(query: IncidentQuery): string {
  const { tenantId, severities, statuses, assignedTo, updatedSince, createdSince } = query;
  const after = query.after === undefined ? undefined : findRowKey(query.after);
  return [
    odata`PartitionKey eq ${tenantId}`,
    after && odata`RowKey gt ${after}`,
    anyOf(severities, (one) => odata`severity eq ${toFiltered(one)}`),
    anyOf(statuses, (one) => odata`status eq ${toFiltered(one)}`),
    assignedTo && odata`assignedTo eq ${toFiltered(assignedTo)}`,
    updatedSince && odata`lastUpdateAt ge ${updatedSince}`,
    createdSince && odata`createdAt ge ${createdSince}`,
  ]
    .filter(Boolean)
    .join(' and ');
}
