import * as v from 'valibot';
import type { Issuance, IssuanceLedger } from '../../audit/issuance-ledger.ts';
import type { Log } from '../../log.ts';
import { DAY, MAX_CLOCK_SKEW_MS } from '../../time.ts';
import { odata } from '../tables/odata.ts';
import type { OpenTable } from '../tables/table-store.ts';
import {
  createLedgerTable,
  type LedgerMapping,
  toDayPartition,
  toIso,
  toPartitionFilter,
} from './ledger-table.ts';

/** No token lives longer, so none was handed out, or still works, later after it was issued. */
const MAX_LIFETIME_MS = DAY;

const issuanceSchema = v.object({
  callerId: v.string(),
  tenantHash: v.string(),
  resource: v.string(),
  rule: v.string(),
  wouldBeDenied: v.optional(v.literal(true)),
  tokenHash: v.string(),
  uti: v.optional(v.string()),
  issuedAt: v.date(),
  expiresAt: v.date(),
  recordedAt: v.date(),
  correlationId: v.string(),
});

const issuanceMapping: LedgerMapping<Issuance, Parameters<IssuanceLedger['list']>[0]> = {
  toRowKey: ({ issuedAt, tokenHash, callerId }) => `${toIso(issuedAt)}|${tokenHash}|${callerId}`,
  toPartitions: ({ issuedAt, tenantHash, callerId, tokenHash, uti }) => [
    toDayPartition(issuedAt),
    `tenant|${tenantHash}`,
    `caller|${callerId}`,
    `hash|${tokenHash}`,
    ...(uti === undefined ? [] : [toUtiPartition(uti)]),
  ],
  toProperties: ({ issuedAt, expiresAt, recordedAt, ...fields }) => ({
    ...fields,
    issuedAt: new Date(issuedAt),
    expiresAt: new Date(expiresAt),
    recordedAt: new Date(recordedAt),
  }),
  parseRow: (row) => {
    const { issuedAt, expiresAt, recordedAt, uti, ...fields } = v.parse(issuanceSchema, row);
    return {
      ...fields,
      uti,
      issuedAt: issuedAt.getTime(),
      expiresAt: expiresAt.getTime(),
      recordedAt: recordedAt.getTime(),
    };
  },
  toFilter: ({ tenantHash, callerId, tokenHash, uti, since = 0, until, liveAt = 0, ...look }) => {
    const { after, wouldBeDenied } = look;
    const partitions = [
      tokenHash && `hash|${tokenHash}`,
      uti && toUtiPartition(uti),
      tenantHash && `tenant|${tenantHash}`,
      callerId && `caller|${callerId}`,
    ];
    const issuedSince = Math.max(since, liveAt) - MAX_LIFETIME_MS;
    return toAll([
      toPartitionFilter(partitions.find(Boolean), issuedSince),
      odata`RowKey ge ${toIso(issuedSince)}`,
      odata`recordedAt ge ${new Date(since)}`,
      until !== undefined && odata`recordedAt lt ${new Date(until)}`,
      // Nothing is recorded before it is issued.
      until !== undefined && odata`RowKey lt ${toIso(until + MAX_CLOCK_SKEW_MS)}`,
      odata`expiresAt gt ${new Date(liveAt)}`,
      tenantHash && odata`tenantHash eq ${tenantHash}`,
      callerId && odata`callerId eq ${callerId}`,
      uti && odata`uti eq ${uti}`,
      wouldBeDenied && 'wouldBeDenied eq true',
      after && odata`RowKey gt ${after}`,
    ]);
  },
};

/**
 * The table `issuances`: a row per caller and token under its day, tenant, caller, hash and uti.
 */
export function createIssuanceTable(open: OpenTable, log: Log): IssuanceLedger {
  return createLedgerTable(open, issuanceMapping, log);
}

/**
 * Keys can't hold everything; a uti is base64url, and whatever else Entra may send is made
 * harmless.
 */
function toUtiPartition(uti: string): string {
  return `uti|${Buffer.from(uti).toString('base64url')}`;
}

function toAll(conditions: readonly (string | false | undefined)[]): string {
  return conditions.filter(Boolean).join(' and ');
}
