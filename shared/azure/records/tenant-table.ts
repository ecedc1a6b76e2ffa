import * as v from 'valibot';
import { describeTenant } from '../../audit/describe/describe-tenant.ts';
import { toTenantHash } from '../../audit/tenant-hash.ts';
import type { Inspectable } from '../../authority/inspection.ts';
import type { Log } from '../../log.ts';
import { RESOURCE_NAMES } from '../../resources/resources.ts';
import { TENANT_STATUSES, type Tenant, type TenantStore } from '../../tenants/tenant.ts';
import { createGuardedStore } from '../authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from '../authority/row-guard.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type Mapping, type OpenTable, readRows } from '../tables/table-store.ts';
import { causeSchema } from './cause-schema.ts';
import { parseSettingCells, toSettingCells } from './tenant-settings-row.ts';

/** One partition holds all tenants: they are listed in order, and change rarely. */
const PARTITION = 'tenant';

const proofSchema = v.object({
  granted: v.array(v.string()),
  missing: v.array(v.string()),
  lacking: v.exactOptional(v.array(v.string())),
  cause: v.exactOptional(causeSchema),
  optional: v.exactOptional(v.literal(true)),
  checkedAt: v.number(),
});
const json = <S extends v.GenericSchema>(schema: S) => v.pipe(v.string(), v.parseJson(), schema);

/** What only informs must not make a row unreadable, as after a roll-back of the app. */
const advisory = <S extends v.GenericSchema>(schema: S) =>
  v.fallback(v.optional(json(schema)), undefined);

const rowSchema = v.object({
  rowKey: v.string(),
  status: v.picklist(TENANT_STATUSES),
  domain: v.optional(v.string()),
  proofs: v.fallback(json(v.record(v.picklist(RESOURCE_NAMES), proofSchema)), {}),
  verification: advisory(
    v.object({
      startedAt: v.number(),
      until: v.number(),
      nextAt: v.number(),
      attempt: v.number(),
      invitation: v.exactOptional(v.string()),
    }),
  ),
  failure: advisory(
    v.object({ cause: causeSchema, resource: v.picklist(RESOURCE_NAMES), at: v.number() }),
  ),
  reconsent: advisory(v.object({ id: v.string(), expiresAt: v.number() })),
  pendingInvitation: v.optional(v.string()),
  sparedUntil: v.optional(v.date()),
  offboarding: advisory(
    v.object({
      id: v.string(),
      at: v.number(),
      purgedAt: v.optional(v.number()),
      removed: v.record(v.string(), v.number()),
    }),
  ),
  createdAt: v.date(),
  updatedAt: v.date(),
  consentedAt: v.optional(v.date()),
});

/** What passes: it informs people, and no token is given or refused for it. */
const OPERATIONAL = [
  'proofs',
  'verification',
  'failure',
  'failureCause',
  'failureAt',
  'reconsent',
  'sparedUntil',
  'updatedAt',
];

const mapping: Mapping<string, Tenant> & AuthorityMapping<Tenant> = {
  table: 'tenants',
  toKey: ({ rowKey }) => toTenantHash(rowKey),
  operational: OPERATIONAL,
  act: 'tenant.change',
  describe: (tenant) => ({
    tenantHash: toTenantHash(tenant.tenantId),
    subject: undefined,
    fields: describeTenant(tenant),
  }),
  toRowId: (tenantId) => ({ partitionKey: PARTITION, rowKey: tenantId }),
  toRow: (tenant) => ({
    partitionKey: PARTITION,
    rowKey: tenant.tenantId,
    status: tenant.status,
    domain: tenant.domain,
    ...toSettingCells(tenant),
    proofs: JSON.stringify(tenant.proofs),
    verification: tenant.verification && JSON.stringify(tenant.verification),
    failure: tenant.failure && JSON.stringify(tenant.failure),
    failureCause: tenant.failure?.cause,
    failureAt: tenant.failure && new Date(tenant.failure.at),
    reconsent: tenant.reconsent && JSON.stringify(tenant.reconsent),
    pendingInvitation: tenant.pendingInvitation,
    sparedUntil: tenant.sparedUntil === undefined ? undefined : new Date(tenant.sparedUntil),
    offboarding: tenant.offboarding && JSON.stringify(tenant.offboarding),
    createdAt: new Date(tenant.createdAt),
    updatedAt: new Date(tenant.updatedAt),
    consentedAt: tenant.consentedAt === undefined ? undefined : new Date(tenant.consentedAt),
  }),
  parseRow,
};

/** The table `tenants`: one row per tenant, found by GUID and listed in GUID order. */
export function createTenantTable(
  open: OpenTable,
  log: Log,
  guard?: Guard,
): TenantStore & Inspectable {
  const store = createGuardedStore(open, mapping, guard);
  return {
    ...store,
    list: async ({ after, limit, status }) => {
      const filter = [
        odata`PartitionKey eq ${PARTITION}`,
        after && odata`RowKey gt ${after}`,
        status && odata`status eq ${status}`,
      ]
        .filter(Boolean)
        .join(' and ');
      const rows = (await reachStorage(() => readRows(open, filter, limit + 1))) ?? [];
      const page = rows.slice(0, limit);
      const next = rows.length > limit ? page.at(-1)?.rowKey : undefined;
      return { tenants: await store.admit(page, log), next };
    },
    countFailing: async ({ cause, since, limit }) => {
      const filter = odata`PartitionKey eq ${PARTITION} and failureCause eq ${cause} and failureAt ge ${new Date(since)}`;
      const rows = await reachStorage(() => readRows(open, filter, limit));
      return (await store.admit(rows, log)).length;
    },
  };
}

function parseRow(row: ReadRow): Tenant {
  const { rowKey, sparedUntil, createdAt, updatedAt, consentedAt, ...fields } = v.parse(
    rowSchema,
    row,
  );
  return {
    tenantId: rowKey,
    status: fields.status,
    domain: fields.domain,
    ...parseSettingCells(row),
    proofs: fields.proofs,
    verification: fields.verification,
    failure: fields.failure,
    reconsent: fields.reconsent,
    pendingInvitation: fields.pendingInvitation,
    sparedUntil: sparedUntil?.getTime(),
    offboarding: toOffboarding(fields.offboarding),
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
    consentedAt: consentedAt?.getTime(),
  };
}

function toOffboarding(
  read: v.InferOutput<typeof rowSchema>['offboarding'],
): Tenant['offboarding'] {
  return read && { ...read, purgedAt: read.purgedAt };
}
