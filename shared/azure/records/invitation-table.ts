import * as v from 'valibot';
import { toTenantHash } from '../../audit/tenant-hash.ts';
import type { Inspectable } from '../../authority/inspection.ts';
import { describeInvitation } from '../../invitations/describe-invitation.ts';
import {
  CONSENT_FLOWS,
  type Invitation,
  type InvitationStore,
} from '../../invitations/invitation.ts';
import type { Log } from '../../log.ts';
import type { PurgeTarget } from '../../offboarding/offboarding.ts';
import { createGuardedStore } from '../authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from '../authority/row-guard.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { createRemoveExpired, type Expiring } from '../tables/expiring.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type Mapping, type OpenTable, readRows } from '../tables/table-store.ts';

const claimsSchema = v.array(
  v.object({
    tenantId: v.string(),
    domain: v.exactOptional(v.string()),
    userName: v.exactOptional(v.string()),
    claimedAt: v.number(),
  }),
);

const rowSchema = v.object({
  partitionKey: v.string(),
  tenantId: v.optional(v.string()),
  domain: v.optional(v.string()),
  displayName: v.optional(v.string()),
  flow: v.picklist(CONSENT_FLOWS),
  note: v.optional(v.string()),
  createdBy: v.string(),
  createdAt: v.date(),
  expiresAt: v.date(),
  openedAt: v.optional(v.date()),
  signedInAt: v.optional(v.date()),
  acceptedAt: v.optional(v.date()),
  claims: v.optional(v.pipe(v.string(), v.parseJson(), claimsSchema), '[]'),
  claimedBy: v.optional(v.string()),
  usedBy: v.optional(v.string()),
  revokedAt: v.optional(v.date()),
  readmits: v.optional(v.string()),
});

/** How far it came: it informs people, and who only holds the link moves it. */
const OPERATIONAL = ['openedAt', 'signedInAt', 'acceptedAt'];

const mapping: Mapping<string, Invitation> & AuthorityMapping<Invitation> = {
  table: 'invitations',
  toKey: ({ partitionKey }) => partitionKey,
  operational: OPERATIONAL,
  act: 'invitation.change',
  findEnd: ({ expiresAt }) => expiresAt,
  describe: (invitation) => ({
    tenantHash: invitation.tenantId && toTenantHash(invitation.tenantId),
    subject: invitation.idHash,
    fields: describeInvitation(invitation),
  }),
  toRowId: (idHash) => ({ partitionKey: idHash, rowKey: 'invitation' }),
  toRow: ({ idHash, claims, ...invitation }) => ({
    ...invitation,
    partitionKey: idHash,
    rowKey: 'invitation',
    createdAt: new Date(invitation.createdAt),
    expiresAt: new Date(invitation.expiresAt),
    openedAt: toDate(invitation.openedAt),
    signedInAt: toDate(invitation.signedInAt),
    acceptedAt: toDate(invitation.acceptedAt),
    revokedAt: toDate(invitation.revokedAt),
    claims: claims.length === 0 ? undefined : JSON.stringify(claims),
  }),
  parseRow,
};

/** The invitations with what ends them. */
interface InvitationTable extends InvitationStore, Expiring, Inspectable {
  /**
   * Removes what names the tenant, but what was made to bring it back after that offboarding;
   * answers how many.
   */
  removeTenant(target: PurgeTarget): Promise<number>;
}

const ALL = odata`RowKey eq ${'invitation'}`;

/** The table `invitations`: one row per link, under the hash of its id. */
export function createInvitationTable(open: OpenTable, log: Log, guard?: Guard): InvitationTable {
  const store = createGuardedStore(open, mapping, guard);
  return {
    ...store,
    removeExpired: createRemoveExpired(open),
    list: async () => await store.admit(await readAll(open), log),
    async removeTenant(target) {
      const naming = (await readAll(open)).filter((row) => isAbout(row, target));
      for (const { partitionKey = '' } of naming) await store.remove(partitionKey);
      return naming.length;
    },
  };
}

async function readAll(open: OpenTable): Promise<readonly ReadRow[]> {
  return await reachStorage(() => readRows(open, ALL, Number.POSITIVE_INFINITY));
}

/**
 * A note can't be searched for by the service, and the links of a month are few. Rows that can't be
 * believed count too.
 */
function isAbout({ readmits, ...row }: ReadRow, { tenantId, offboardingId }: PurgeTarget): boolean {
  const named = [row.tenantId, row.claimedBy, row.usedBy, row.claims, row.note];
  return readmits !== offboardingId && named.some((text) => names(text, tenantId));
}

function parseRow(row: ReadRow): Invitation {
  const { partitionKey, claims, ...fields } = v.parse(rowSchema, row);
  return {
    idHash: partitionKey,
    tenantId: fields.tenantId,
    domain: fields.domain,
    displayName: fields.displayName,
    flow: fields.flow,
    note: fields.note,
    createdBy: fields.createdBy,
    createdAt: fields.createdAt.getTime(),
    expiresAt: fields.expiresAt.getTime(),
    openedAt: fields.openedAt?.getTime(),
    signedInAt: fields.signedInAt?.getTime(),
    acceptedAt: fields.acceptedAt?.getTime(),
    claims: claims.map(({ domain, userName, ...claim }) => ({ ...claim, domain, userName })),
    claimedBy: fields.claimedBy,
    usedBy: fields.usedBy,
    revokedAt: fields.revokedAt?.getTime(),
    readmits: fields.readmits,
  };
}

function toDate(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}

function names(text: unknown, tenantId: string): boolean {
  return typeof text === 'string' && text.toLowerCase().includes(tenantId);
}
