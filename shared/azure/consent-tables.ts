import * as v from 'valibot';
import { toTenantHash } from '../audit/tenant-hash.ts';
import type { Inspectable } from '../authority/inspection.ts';
import type { UsedStateStore } from '../consent/consent-flow.ts';
import { describeInvitation } from '../consent/describe-invitation.ts';
import { CONSENT_FLOWS, type Invitation, type InvitationStore } from '../consent/invitation.ts';
import type { PurgeTarget } from '../offboarding/offboarding.ts';
import { createGuardedStore } from './authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from './authority/row-guard.ts';
import { odata } from './odata.ts';
import { reachStorage } from './storage-error.ts';
import { createTableStore, type Mapping, type OpenTable, readRows } from './table-store.ts';

/** A store whose records end by themselves and are then swept out. */
export interface Expiring {
  /** Removes what ended before `now`; answers how many. */
  removeExpired(now: number): Promise<number>;
}

const invitationSchema = v.object({
  partitionKey: v.string(),
  tenantId: v.optional(v.string()),
  flow: v.picklist(CONSENT_FLOWS),
  note: v.optional(v.string()),
  createdBy: v.string(),
  createdAt: v.date(),
  expiresAt: v.date(),
  claimedBy: v.optional(v.string()),
  usedBy: v.optional(v.string()),
  readmits: v.optional(v.string()),
});

const invitationMapping: Mapping<string, Invitation> & AuthorityMapping<Invitation> = {
  table: 'invitations',
  toKey: ({ partitionKey }) => partitionKey,
  operational: [],
  act: 'invitation.change',
  findEnd: ({ expiresAt }) => expiresAt,
  describe: (invitation) => ({
    tenantHash: invitation.tenantId && toTenantHash(invitation.tenantId),
    subject: invitation.idHash,
    fields: describeInvitation(invitation),
  }),
  toRowId: (idHash) => ({ partitionKey: idHash, rowKey: 'invitation' }),
  toRow: ({ idHash, createdAt, expiresAt, ...fields }) => ({
    ...fields,
    partitionKey: idHash,
    rowKey: 'invitation',
    createdAt: new Date(createdAt),
    expiresAt: new Date(expiresAt),
  }),
  parseRow: (row) => {
    const { partitionKey, createdAt, expiresAt, ...fields } = v.parse(invitationSchema, row);
    return {
      idHash: partitionKey,
      tenantId: fields.tenantId,
      flow: fields.flow,
      note: fields.note,
      createdBy: fields.createdBy,
      claimedBy: fields.claimedBy,
      usedBy: fields.usedBy,
      readmits: fields.readmits,
      createdAt: createdAt.getTime(),
      expiresAt: expiresAt.getTime(),
    };
  },
};

/** The invitations with what ends them. */
export interface InvitationTable extends InvitationStore, Expiring, Inspectable {
  /** Removes what names the tenant, but what was made to bring it back after that offboarding; answers how many. */
  removeTenant(target: PurgeTarget): Promise<number>;
}

/** The table `invitations`: one row per link, under the hash of its id. */
export function createInvitationTable(open: OpenTable, guard?: Guard): InvitationTable {
  const store = createGuardedStore(open, invitationMapping, guard);
  return {
    ...store,
    removeExpired: createRemoveExpired(open),
    async removeTenant(target) {
      const naming = await findNaming(open, target);
      for (const idHash of naming) await store.remove(idHash);
      return naming.length;
    },
  };
}

/** A note can't be searched for by the service, and the links of a month are few. Also rows that can't be believed count. */
async function findNaming(
  open: OpenTable,
  { tenantId, offboardingId }: PurgeTarget,
): Promise<readonly string[]> {
  const filter = odata`RowKey eq ${'invitation'}`;
  const rows = await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY));
  return rows
    .filter(({ readmits, ...row }) => {
      const named = [row.tenantId, row.claimedBy, row.usedBy, row.note];
      return readmits !== offboardingId && named.some((text) => names(text, tenantId));
    })
    .map(({ partitionKey = '' }) => partitionKey);
}

function names(text: unknown, tenantId: string): boolean {
  return typeof text === 'string' && text.toLowerCase().includes(tenantId);
}

const stateSchema = v.object({ partitionKey: v.string(), expiresAt: v.date() });

const stateMapping: Mapping<string, { readonly id: string; readonly expiresAt: number }> = {
  toRowId: (id) => ({ partitionKey: id, rowKey: 'state' }),
  toRow: ({ id, expiresAt }) => ({
    partitionKey: id,
    rowKey: 'state',
    expiresAt: new Date(expiresAt),
  }),
  parseRow: (row) => {
    const { partitionKey, expiresAt } = v.parse(stateSchema, row);
    return { id: partitionKey, expiresAt: expiresAt.getTime() };
  },
};

/** The table `usedstates`: one row per value of `state` that came back. */
export function createUsedStateTable(open: OpenTable): UsedStateStore & Expiring {
  return { ...createTableStore(open, stateMapping), removeExpired: createRemoveExpired(open) };
}

function createRemoveExpired(open: OpenTable): Expiring['removeExpired'] {
  return async (now) => {
    const client = await reachStorage(open);
    const filter = odata`expiresAt lt ${new Date(now)}`;
    const rows = client?.listEntities({
      queryOptions: { filter, select: ['PartitionKey', 'RowKey'] },
    });
    let removed = 0;
    for await (const { partitionKey = '', rowKey = '' } of rows ?? []) {
      await reachStorage(async () => await client?.deleteEntity(partitionKey, rowKey), [404]);
      removed++;
    }
    return removed;
  };
}
