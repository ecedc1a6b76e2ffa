import * as v from 'valibot';
import type { HuntQuota, QuotaStore } from '../../hunting/quota.ts';
import { createTableStore, type OpenTable } from '../tables/table-store.ts';
import { jsonOf, timeSchema, toDate } from './hunt-json.ts';

const ROW = 'quota';

const rowSchema = v.object({
  partitionKey: v.string(),
  // What can't be read is counted anew: Microsoft refuses what is too much.
  calls: v.fallback(jsonOf(v.array(v.tuple([v.number(), v.number()]))), []),
  learnedPerMinute: v.optional(v.number()),
  learnedAt: timeSchema,
  blockedUntil: timeSchema,
  blockedFor: v.fallback(v.optional(v.picklist(['calls', 'cpu'])), undefined),
});

/** The table `huntquota`: a partition with one row per tenant. */
export function createQuotaTable(open: OpenTable): QuotaStore {
  return createTableStore<string, HuntQuota>(open, {
    toRowId: (tenantId) => ({ partitionKey: tenantId, rowKey: ROW }),
    toRow: ({ tenantId, calls, learned, blocked }) => ({
      partitionKey: tenantId,
      rowKey: ROW,
      calls: JSON.stringify(calls),
      learnedPerMinute: learned?.perMinute,
      learnedAt: toDate(learned?.at),
      blockedUntil: toDate(blocked?.until),
      blockedFor: blocked?.reason,
    }),
    parseRow(row) {
      const fields = v.parse(rowSchema, row);
      const { learnedPerMinute: perMinute, learnedAt, blockedUntil, blockedFor } = fields;
      return {
        tenantId: fields.partitionKey,
        calls: fields.calls,
        learned: perMinute === undefined ? undefined : { perMinute, at: learnedAt ?? 0 },
        blocked:
          blockedUntil === undefined
            ? undefined
            : { until: blockedUntil, reason: blockedFor ?? 'calls' },
      };
    },
  });
}
