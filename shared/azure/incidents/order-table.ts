import * as v from 'valibot';
import type {
  IncidentOrder,
  OrderEntry,
  OrderedVersion,
  OrderQuery,
} from '../../incidents/incident-order.ts';
import { type Instant, toTime } from '../../incidents/instant.ts';
import type { Log } from '../../log.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { anyOf, odata } from '../tables/odata.ts';
import type { ReadRow, Row } from '../tables/row.ts';
import { type RowAction, writeRows } from '../tables/row-batch.ts';
import { type OpenTable, parseReadable, readRows } from '../tables/table-store.ts';
import { findRowKey, toFiltered } from './incident-row.ts';
import { instantSchema } from './stored-incident.ts';

/** The partition of all tenants; a tenant's own has its GUID. */
const ALL = 'all';

/** More than any instant in ticks of 100 ns since the year 1. */
const DIGITS = 19;
const HIGHEST = 10n ** BigInt(DIGITS) - 1n;
const YEAR_ONE_MS = -62_135_596_800_000;

const GUID_LENGTH = 36;

/** Behind every entry of an instant, whatever its tenant and id: no GUID has a tilde. */
const END = '~';

/**
 * The table `incidentorder`: each version once in the partition of all tenants and once in its
 * tenant's, by its inverted time. The entries of a tenant are those by which it is removed from the
 * partition of all.
 */
export function createOrderTable(open: OpenTable, log: Log): IncidentOrder {
  const write = async (actions: readonly RowAction[]) => {
    if (actions.length > 0) await writeRows(await reachStorage(open), actions);
  };
  const removeKeys = async (rowKeys: readonly string[]) => {
    await write(rowKeys.map((rowKey) => ({ remove: { partitionKey: ALL, rowKey } })));
    for (const [partitionKey, own] of Map.groupBy(rowKeys, toTenantId)) {
      await write(own.map((rowKey) => ({ remove: { partitionKey, rowKey } })));
    }
  };

  return {
    async add(incidents) {
      const rows = incidents.map((incident) => ({
        partitionKey: ALL,
        rowKey: toRowKey(incident),
        tenantId: incident.tenantId,
        incidentId: incident.incidentId,
        lastUpdateAt: incident.lastUpdateAt,
        severity: toFiltered(incident.severity),
        status: toFiltered(incident.status),
        assignedTo: incident.assignedTo && toFiltered(incident.assignedTo),
      }));
      await write(rows.map((row) => ({ put: row })));
      for (const [partitionKey, own] of Map.groupBy(rows, ({ tenantId }) => tenantId)) {
        await write(own.map((row) => ({ put: { ...row, partitionKey } satisfies Row })));
      }
    },
    remove: (versions) => removeKeys(versions.map(toRowKey)),
    async list(query) {
      const rows = (await reachStorage(() => readRows(open, toFilter(query), query.limit))) ?? [];
      const entries = parseReadable(rows, parseEntry, log);
      return { entries, next: rows.length < query.limit ? undefined : rows.at(-1)?.rowKey };
    },
    async removeTenant(tenantId) {
      const filter = odata`PartitionKey eq ${tenantId}`;
      const client = await reachStorage(open);
      await reachStorage(async () => {
        const queryOptions = { filter, select: ['PartitionKey', 'RowKey'] };
        for await (const page of client.listEntities({ queryOptions }).byPage()) {
          await removeKeys(page.map(({ rowKey = '' }) => rowKey));
        }
      });
    },
    async removeBefore(tenantId, { instant, limit }) {
      const after = `${toInverted(instant)}${END}`;
      const filter = odata`PartitionKey eq ${tenantId} and RowKey gt ${after}`;
      const rows = (await reachStorage(() => readRows(open, filter, limit))) ?? [];
      await removeKeys(rows.map(({ rowKey = '' }) => rowKey));
    },
  };
}

function toFilter(query: OrderQuery): string {
  const { tenantId = ALL, severities, statuses, assignedTo, updatedSince, after } = query;
  return [
    odata`PartitionKey eq ${tenantId}`,
    after && odata`RowKey gt ${after}`,
    updatedSince && odata`RowKey le ${`${toInverted(updatedSince)}${END}`}`,
    anyOf(severities, (one) => odata`severity eq ${toFiltered(one)}`),
    anyOf(statuses, (one) => odata`status eq ${toFiltered(one)}`),
    assignedTo && odata`assignedTo eq ${toFiltered(assignedTo)}`,
  ]
    .filter(Boolean)
    .join(' and ');
}

/** The same in both partitions. */
function toRowKey({ tenantId, incidentId, lastUpdateAt }: OrderedVersion): string {
  return `${toInverted(lastUpdateAt)}-${tenantId}-${findRowKey(incidentId) ?? incidentId}`;
}

/** The tenant of a row key: what is between the time and the id. */
function toTenantId(rowKey: string): string {
  return rowKey.slice(DIGITS + 1, DIGITS + 1 + GUID_LENGTH);
}

function toInverted(instant: Instant): string {
  const ticks = BigInt(toTime(instant) - YEAR_ONE_MS) * 10_000n + BigInt(instant.slice(23, 27));
  return String(HIGHEST - ticks).padStart(DIGITS, '0');
}

const entrySchema = v.object({
  rowKey: v.string(),
  tenantId: v.string(),
  incidentId: v.string(),
  lastUpdateAt: instantSchema,
  severity: v.string(),
});

function parseEntry(row: ReadRow): OrderEntry {
  const { rowKey: position, ...version } = v.parse(entrySchema, row);
  return { ...version, position };
}
