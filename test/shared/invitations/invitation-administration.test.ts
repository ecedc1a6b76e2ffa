import { expect, test } from 'vitest';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import type { AcceptedConsent } from '../../../shared/invitations/accepted-consent.ts';
import { hashInvitationId, type Invitation } from '../../../shared/invitations/invitation.ts';
import { createInvitationAdministration } from '../../../shared/invitations/invitation-administration.ts';
import { toInvitationStatus } from '../../../shared/invitations/invitation-status.ts';
import { createInvitation } from '../../../shared/invitations/invite.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

const OTHER = '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1';
const ID = 'a'.repeat(32);
const HASH = hashInvitationId(ID);

function toClaim(tenantId: string) {
  return { tenantId, domain: `${tenantId.slice(0, 4)}.example`, userName: 'u', claimedAt: 1 };
}

async function setUp(...changes: readonly Partial<Invitation>[]) {
  const clock = createClock();
  const log = createRecordedLog();
  const invitations = createInvitationTable(openNewTable('invitations'), log);
  const tenants = createTenantTable(openNewTable('tenants'), log);
  const alive = { createdAt: clock.now(), expiresAt: clock.now() + HOUR };
  for (const change of changes) {
    await invitations.insert({ ...createInvitation(HASH), ...alive, ...change });
  }
  const accepted: AcceptedConsent[] = [];
  const administration = createInvitationAdministration({
    invitations,
    tenants,
    resolveTenant: (name) => Promise.resolve(name),
    acceptConsent: (consent) => Promise.resolve(void accepted.push(consent)),
    now: clock.now,
  });
  return { clock, invitations, tenants, accepted, administration };
}

test.each<[string, Partial<Invitation>]>([
  ['sent', {}],
  ['opened', { openedAt: 1 }],
  ['signed_in', { openedAt: 1, signedInAt: 2 }],
  ['awaiting_approval', { signedInAt: 2, claims: [toClaim(TENANT)] }],
  ['verifying', { acceptedAt: 100 * MINUTE, claims: [toClaim(TENANT)] }],
  ['signed_in', { signedInAt: 2, acceptedAt: 85 * MINUTE }],
  ['used', { acceptedAt: 100 * MINUTE, usedBy: TENANT, expiresAt: 1 }],
  ['expired', { expiresAt: 100 * MINUTE, claims: [toClaim(TENANT)] }],
  ['revoked', { revokedAt: 5, expiresAt: 1 }],
])('an invitation is %s when it holds %o', (status, change) => {
  const invitation = { ...createInvitation(HASH), expiresAt: 200 * MINUTE, ...change };
  expect(toInvitationStatus(invitation, 100 * MINUTE)).toBe(status);
});

test('invitations are listed newest first, in pages that do not overlap', async () => {
  const made = [3, 1, 2, 2].map((createdAt, index) => ({ createdAt, idHash: `${index}` }));
  const { administration } = await setUp(...made);
  const first = await administration.list({ limit: 3 });
  const second = await administration.list({ limit: 3, after: first.next });
  const ids = [first, second].map(({ invitations }) =>
    invitations.map(({ invitation }) => invitation.idHash),
  );
  expect(ids).toEqual([['0', '3', '2'], ['1']]);
  expect(second.next).toBeUndefined();
});

test('a list of one status holds no other', async () => {
  const { administration } = await setUp({ idHash: 'x' }, { idHash: 'y', openedAt: 1 });
  const { invitations } = await administration.list({ limit: 9, status: 'opened' });
  expect(invitations.map(({ invitation }) => invitation.idHash)).toEqual(['y']);
});

test('the funnel counts all invitations, with how long the oldest stands there', async () => {
  const { administration, clock } = await setUp(
    { idHash: 'a', openedAt: 5 },
    { idHash: 'b', openedAt: 3 },
    { idHash: 'c', revokedAt: 7 },
    { idHash: 'd', claims: [toClaim(TENANT)], signedInAt: 1 },
  );
  const { funnel, invitations } = await administration.list({ limit: 1, status: 'revoked' });
  const none = { count: 0, oldestSince: undefined };
  expect(invitations).toHaveLength(1);
  expect(funnel).toEqual({
    sent: none,
    opened: { count: 2, oldestSince: 3 },
    signed_in: none,
    awaiting_approval: { count: 1, oldestSince: 1 },
    verifying: none,
    used: none,
    expired: none,
    revoked: { count: 1, oldestSince: 7 },
  });
  expect(clock.now()).toBeGreaterThan(7);
});

test.each([ID, HASH])('a link is withdrawn by its id or the hash: %s', async (id) => {
  const { administration, invitations, clock } = await setUp({ claims: [toClaim(TENANT)] });
  expect((await administration.revoke(id)).status).toBe('revoked');
  const { value } = (await invitations.find(HASH)) ?? {};
  expect(value).toMatchObject({ revokedAt: clock.now(), claims: [] });
});

test('an invitation that was used stays used', async () => {
  const { administration } = await setUp({ usedBy: TENANT });
  expect((await administration.revoke(ID)).status).toBe('used');
});

test("a tenant's re-consent link that is withdrawn is not named again", async () => {
  const { administration, tenants, clock } = await setUp({ tenantId: TENANT });
  const reconsent = { id: ID, expiresAt: clock.now() + HOUR };
  await tenants.insert({ ...createTenant(TENANT, 0), status: 'partial', reconsent });
  await administration.revoke(HASH);
  expect((await tenants.find(TENANT))?.value.reconsent).toBeUndefined();
});

test.each(['', 'x', '../x', 'b'.repeat(32)])('there is no invitation %j', async (id) => {
  const { administration } = await setUp({});
  const missing = { code: 'invitation_not_found' };
  await expect(administration.revoke(id)).rejects.toMatchObject(missing);
  await expect(administration.approve(id, undefined)).rejects.toMatchObject(missing);
});

test('an approval pins the invitation to who waits, and begins the proof', async () => {
  const { administration, accepted, invitations } = await setUp({ claims: [toClaim(TENANT)] });
  await administration.approve(HASH, undefined);
  const { value } = (await invitations.find(HASH)) ?? {};
  expect(value).toMatchObject({ tenantId: TENANT, domain: toClaim(TENANT).domain });
  expect(accepted).toMatchObject([{ tenantId: TENANT, domain: toClaim(TENANT).domain }]);
  expect(accepted[0]?.invitation.tenantId).toBe(TENANT);
});

test('of several who wait one has to be named', async () => {
  const claims = [toClaim(OTHER), toClaim(TENANT)];
  const { administration, accepted } = await setUp({ claims });
  await expect(administration.approve(ID, undefined)).rejects.toThrow('Several tenants wait');
  await expect(administration.approve(ID, 'nobody')).rejects.toThrow('no tenant that waits');
  await administration.approve(ID, TENANT);
  expect(accepted.map(({ tenantId }) => tenantId)).toEqual([TENANT]);
});

test.each<Partial<Invitation>>([
  {},
  { claims: [toClaim(TENANT)], usedBy: OTHER },
  { claims: [toClaim(TENANT)], revokedAt: 1 },
  { claims: [toClaim(TENANT)], expiresAt: 1 },
])('nobody is let in by an approval of %o', async (change) => {
  const { administration, accepted, invitations } = await setUp(change);
  const before = (await invitations.find(HASH))?.value;
  await expect(administration.approve(ID, TENANT)).rejects.toThrow('Nobody waits');
  expect((await invitations.find(HASH))?.value).toEqual(before);
  expect(accepted).toEqual([]);
});
