import { expect, test } from 'vitest';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { hashBrowser } from '../../../shared/consent/attempt.ts';
import { createFindOutcome } from '../../../shared/consent/outcome.ts';
import { hashInvitationId, type Invitation } from '../../../shared/invitations/invitation.ts';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';
import { HOUR, SECOND } from '../../support/clock.ts';
import { openNewTable } from '../../support/storage.ts';
import { goToConsent } from './set-up.ts';

/** A browser whose consent was accepted, of a tenant that stands like this. */
async function setUp({
  account = 'admin',
  tenant,
  invitation = {},
}: {
  account?: string;
  tenant?: Partial<Tenant>;
  invitation?: Partial<Invitation>;
}) {
  const environment = await goToConsent({ account });
  const { flow, consent, cookie, attempts, invitations, invitationId, clock, log } = environment;
  await flow.answer(consent, cookie);
  const tenants = createTenantTable(openNewTable('tenants'), log);
  if (tenant) await tenants.insert({ ...createTenant(environment.tenantId, 0), ...tenant });
  const stored = await invitations.find(hashInvitationId(invitationId));
  if (stored) await invitations.replace(stored, { ...stored.value, ...invitation });
  const findOutcome = createFindOutcome({ attempts, invitations, tenants, now: clock.now });
  return { ...environment, findOutcome };
}

test.each<[string, Partial<Tenant>]>([
  ['active', { status: 'active' }],
  ['partial', { status: 'partial' }],
  ['not_found', { status: 'consent_revoked' }],
  ['paused', { status: 'disabled' }],
  ['verifying', { status: 'verifying' }],
  [
    'verifying',
    { status: 'active', verification: { startedAt: 0, until: 0, nextAt: 0, attempt: 1 } },
  ],
])('a consent is %s when its tenant is %o', async (outcome, tenant) => {
  const { findOutcome, cookie } = await setUp({ tenant });
  expect(await findOutcome(cookie)).toMatchObject({ outcome });
});

test.each([
  [-1, 4],
  [9, 10],
  [120, 60],
])('a page whose proof goes on in %i s looks again after %i s', async (seconds, look) => {
  const { findOutcome, cookie, clock } = await setUp({ tenant: { status: 'verifying' } });
  const nextAt = clock.now() + seconds * SECOND;
  const verification = { startedAt: 0, until: 0, nextAt, attempt: 1 };
  const environment = await setUp({ tenant: { status: 'verifying', verification } });
  expect((await findOutcome(cookie))?.nextLookSeconds).toBe(4);
  expect((await environment.findOutcome(environment.cookie))?.nextLookSeconds).toBe(look);
});

test('a browser without a consent has no outcome, nor one that forgot it', async () => {
  const { findOutcome, cookie, invitationId, clock } = await setUp({
    tenant: { status: 'active' },
  });
  expect(await findOutcome(undefined)).toBeUndefined();
  expect(await findOutcome('x'.repeat(43))).toBeUndefined();
  expect(await findOutcome(cookie, 'another link')).toBeUndefined();
  expect(await findOutcome(cookie, invitationId)).toBeDefined();
  clock.pass(25 * HOUR);
  expect(await findOutcome(cookie)).toBeUndefined();
});

test('the outcome is that of the last consent of a browser', async () => {
  const { findOutcome, cookie, flow, invite, clock } = await setUp({
    tenant: { status: 'active' },
  });
  const { invitationId } = await invite({ createdBy: 'test' });
  clock.pass(SECOND);
  await flow.start(invitationId, cookie);
  expect(await findOutcome(cookie)).toMatchObject({ outcome: 'active' });
});

const WAITING = { account: 'user', tenant: { status: 'active' } } as const;

test('who waits for an approval learns nothing of a tenant that is known', async () => {
  const { findOutcome, cookie } = await setUp(WAITING);
  expect(await findOutcome(cookie)).toMatchObject({ outcome: 'awaiting_approval' });
});

test('who was approved learns how it went', async () => {
  const pinned = await goToConsent();
  const invitation = { tenantId: pinned.tenantId, claims: [] };
  const { findOutcome, cookie } = await setUp({ ...WAITING, invitation });
  expect(await findOutcome(cookie)).toMatchObject({ outcome: 'active' });
});

test.each<[string, Partial<Invitation>]>([
  ['invitation_revoked', { revokedAt: 1, claims: [] }],
  ['invitation_used', { claimedBy: '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1', claims: [] }],
  ['invitation_used', { claims: [] }],
  ['invitation_expired', { expiresAt: 1 }],
])('who waits is told %s when the link holds %o', async (refusal, invitation) => {
  const { findOutcome, cookie } = await setUp({ ...WAITING, invitation });
  await expect(findOutcome(cookie)).rejects.toMatchObject({ refusal });
});

test('an attempt that was moved to another browser, or is over, opens nothing', async () => {
  const { attempts, attemptRows, cookie, clock } = await setUp({});
  const browserHash = hashBrowser(cookie);
  const [row] = await attemptRows.list(browserHash);
  if (!row) throw new Error('There is no attempt.');
  await attemptRows.insert({ ...row, browserHash: 'thief' });
  expect(await attempts.list('thief')).toEqual([]);
  expect(await attempts.find({ browserHash: 'thief', sid: row.sid })).toBeUndefined();
  expect(await attempts.list(browserHash)).toHaveLength(1);
  clock.pass(25 * HOUR);
  expect(await attempts.list(browserHash)).toEqual([]);
});
