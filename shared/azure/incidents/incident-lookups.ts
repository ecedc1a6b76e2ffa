import type { TableClient } from '@azure/data-tables';
import { settleAll } from '../../concurrency.ts';
import type { Incident, IncidentKey } from '../../incidents/incident.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { ReadRow } from '../tables/row.ts';
import type { RowLog } from '../tables/row-log.ts';
import { parseReadable } from '../tables/table-store.ts';
import {
  findOverflow,
  findRowKey,
  LIST_COLUMNS,
  parseListed,
  parseRawColumns,
  RAW_COLUMNS,
} from './incident-row.ts';

/** Rows that are read at the same time: with their JSON some 8 MB. */
const CONCURRENCY = 16;

/** The incidents of keys, in their order, as lists show them; `undefined`: there is none. */
export async function findListed(
  client: TableClient,
  keys: readonly IncidentKey[],
  log: RowLog,
): Promise<readonly (Incident | 'unreadable' | undefined)[]> {
  const rows = await readEach(client, keys, LIST_COLUMNS);
  return rows.map((row) => row && (parseReadable([row], parseListed, log)[0] ?? 'unreadable'));
}

/**
 * The JSON of keys, in their order; `undefined`: too large for a list, or there is none that can be
 * read.
 */
export async function findRaws(
  client: TableClient,
  keys: readonly IncidentKey[],
): Promise<readonly (string | undefined)[]> {
  const rows = await readEach(client, keys, RAW_COLUMNS);
  return rows.map((row) => {
    if (!row || findOverflow(row) !== undefined) return undefined;
    try {
      return parseRawColumns(row, MAX_LISTED_RAW_BYTES);
    } catch {
      return undefined;
    }
  });
}

/** An incident by itself is answered whole; of a list it must not take a quarter. */
const MAX_LISTED_RAW_BYTES = 1024 * 1024;

async function readEach(
  client: TableClient,
  keys: readonly IncidentKey[],
  select: string[],
): Promise<readonly (ReadRow | undefined)[]> {
  const queryOptions = { select };
  const outcomes = await settleAll(keys, CONCURRENCY, async ({ tenantId, incidentId }) => {
    const rowKey = findRowKey(incidentId);
    if (rowKey === undefined) return undefined;
    return await reachStorage(
      () => client.getEntity<Record<string, unknown>>(tenantId, rowKey, { queryOptions }),
      [404],
    );
  });
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}
