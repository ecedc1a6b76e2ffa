import type { TableClient } from '@azure/data-tables';
import { settleAll } from '../../concurrency.ts';
import type { StoredVersion } from '../../incidents/incident-store.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { findRowKey, parseVersion, toIncidentId, VERSION_COLUMNS } from './incident-row.ts';

/** Reads under way at once. */
const CONCURRENCY = 8;

/**
 * Ids that are so near to each other are read as one range: the rows between them cost less than a
 * request each.
 */
const NEAR = 100n;

/**
 * The versions of those that are stored: neighbours by one range query, the others by themselves.
 */
export async function findVersions(
  client: TableClient,
  tenantId: string,
  incidentIds: readonly string[],
): Promise<ReadonlyMap<string, StoredVersion>> {
  const groups = toNeighbours(incidentIds.flatMap((id) => findRowKey(id) ?? []));
  const outcomes = await settleAll(groups, CONCURRENCY, async (keys) => {
    const rows = await readGroup(client, tenantId, keys);
    return rows.filter(({ rowKey }) => keys.includes(rowKey ?? ''));
  });
  return new Map(
    outcomes.flatMap((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value.map((row) => [toIncidentId(row.rowKey ?? ''), parseVersion(row)]);
    }),
  );
}

function toNeighbours(rowKeys: readonly string[]): readonly (readonly string[])[] {
  const groups: string[][] = [];
  for (const key of [...new Set(rowKeys)].toSorted()) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    if (last !== undefined && BigInt(key) - BigInt(last) <= NEAR) group?.push(key);
    else groups.push([key]);
  }
  return groups;
}

async function readGroup(
  client: TableClient,
  tenantId: string,
  rowKeys: readonly string[],
): Promise<readonly ReadRow[]> {
  const [first = '', ...others] = rowKeys;
  const last = others.at(-1);
  if (last === undefined) return await readOne(client, tenantId, first);
  const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${first} and RowKey le ${last}`;
  const rows: ReadRow[] = [];
  await reachStorage(async () => {
    const queryOptions = { filter, select: VERSION_COLUMNS };
    for await (const row of client.listEntities<Record<string, unknown>>({ queryOptions })) {
      rows.push(row);
    }
  });
  return rows;
}

async function readOne(
  client: TableClient,
  tenantId: string,
  rowKey: string,
): Promise<readonly ReadRow[]> {
  const queryOptions = { select: VERSION_COLUMNS };
  const row = await reachStorage(
    () => client.getEntity<Record<string, unknown>>(tenantId, rowKey, { queryOptions }),
    [404],
  );
  return row ? [row] : [];
}
