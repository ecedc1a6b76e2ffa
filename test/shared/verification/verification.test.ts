import { expect, test, vi } from 'vitest';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { createInvitation } from '../../../shared/invitations/invite.ts';
import { createTenant, type Tenant } from '../../../shared/tenants/tenant.ts';
import type { Cause } from '../../../shared/tokens/failure-table.ts';
import type { Proofs } from '../../../shared/verification/proof.ts';
import { isLookDue } from '../../../shared/verification/recheck.ts';
import { createVerifier } from '../../../shared/verification/verification.ts';
import { createClock, HOUR, MINUTE, SECOND } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

const ROLE = 'Incident.Read.All';

function toProofs(missing: readonly string[], cause?: Cause): Proofs {
  const granted = missing.length === 0 ? [ROLE] : [];
  return { 'defender-xdr': { granted, missing, checkedAt: 0, ...(cause && { cause }) } };
}

async function setUp(change: Partial<Tenant> = {}) {
  const clock = createClock();
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  const invitations = createInvitationTable(openNewTable('invitations'), log);
  const proveTenant = vi.fn().mockResolvedValue(toProofs([ROLE]));
  const enqueue = vi.fn().mockResolvedValue(undefined);
  await tenants.insert({ ...createTenant(TENANT, clock.now()), status: 'active', ...change });
  const invitation = {
    ...createInvitation('hash'),
    createdAt: clock.now(),
    expiresAt: clock.now() + HOUR,
  };
  await invitations.insert(invitation);
  const clearRetryStates = vi.fn().mockResolvedValue(undefined);
  const advanceEpoch = vi.fn().mockResolvedValue(undefined);
  const verifier = createVerifier({
    tenants,
    invitations,
    proveTenant,
    enqueue,
    clearRetryStates,
    advanceEpoch,
    log,
    now: clock.now,
  });
  const read = async () => (await tenants.find(TENANT))?.value;
  return {
    clock,
    tenants,
    invitations,
    invitation,
    proveTenant,
    enqueue,
    advanceEpoch,
    verifier,
    read,
  };
}

test('roles lag behind a fresh consent: retried after 5, 10, 20, 40, 60 s until 15 min are over', async () => {
  const { verifier, invitation, enqueue, clock, read } = await setUp({ status: 'verifying' });
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  while ((await read())?.verification) {
    clock.pass(enqueue.mock.lastCall?.[1]);
    await verifier.lookAgain(TENANT);
  }
  const delays = enqueue.mock.calls.map(([, delay]) => delay / SECOND);
  expect(delays.slice(0, 7)).toEqual([5, 10, 20, 40, 60, 60, 60]);
  expect(delays.reduce((sum, delay) => sum + delay)).toBeGreaterThanOrEqual(15 * 60);
  expect((await read())?.status).toBe('partial');
});

test('a proof that succeeds uses up the invitation', async () => {
  const { verifier, invitation, invitations, proveTenant, read } = await setUp({
    status: 'verifying',
  });
  proveTenant.mockResolvedValue(toProofs([]));
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  expect(await read()).toMatchObject({ status: 'active', verification: undefined });
  expect((await invitations.find('hash'))?.value.usedBy).toBe(TENANT);
});

test('a proof that is under way does not enable a tenant that is disabled meanwhile', async () => {
  const { verifier, invitation, tenants, proveTenant, read } = await setUp();
  proveTenant.mockImplementation(async () => {
    const stored = await tenants.find(TENANT);
    if (stored) await tenants.replace(stored, { ...stored.value, status: 'disabled' });
    return toProofs([]);
  });
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  expect((await read())?.status).toBe('disabled');
});

test('while Entra is in the way nothing is concluded, however long it takes', async () => {
  const { verifier, invitation, proveTenant, clock, read, enqueue } = await setUp({
    status: 'verifying',
  });
  proveTenant.mockResolvedValue(toProofs([ROLE], 'service_unavailable'));
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  clock.pass(20 * MINUTE);
  await verifier.lookAgain(TENANT);
  expect((await read())?.status).toBe('verifying');
  expect(enqueue.mock.lastCall?.[1]).toBe(15 * MINUTE);
});

test('a consent whose proof can not start now is looked at later', async () => {
  const { verifier, invitation, proveTenant, enqueue } = await setUp();
  proveTenant.mockRejectedValue(new Error('down'));
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  expect(enqueue.mock.calls).toEqual([[TENANT, 5 * SECOND]]);
});

test('a verdict of an operator’s proof stands at once', async () => {
  const { verifier, proveTenant } = await setUp();
  proveTenant.mockResolvedValue(toProofs([ROLE], 'consent_missing'));
  expect((await verifier.verifyNow(TENANT)).status).toBe('consent_revoked');
  proveTenant.mockResolvedValue(toProofs([ROLE], 'throttled'));
  await expect(verifier.verifyNow(TENANT)).rejects.toMatchObject({
    code: 'temporarily_unavailable',
  });
});

const FAILED = { cause: 'consent_missing', resource: 'defender-xdr', at: 0 } as const;

test('one look alone takes no served tenant offline: it is repeated for 15 minutes', async () => {
  const { verifier, proveTenant, clock, read, enqueue } = await setUp({ status: 'partial' });
  proveTenant.mockResolvedValue(toProofs([ROLE], 'consent_missing'));
  clock.pass(24 * HOUR);
  await verifier.lookAgain(TENANT);
  expect([(await read())?.status, enqueue.mock.lastCall?.[1]]).toEqual(['partial', 5 * SECOND]);
  clock.pass(15 * MINUTE);
  await verifier.lookAgain(TENANT);
  expect(await read()).toMatchObject({ status: 'consent_revoked', verification: undefined });
});

test('one look alone makes no active tenant partial: it is repeated for 15 minutes', async () => {
  const { verifier, proveTenant, clock, read, enqueue } = await setUp({
    consentedAt: createClock().now(),
    proofs: { 'defender-xdr': { granted: [ROLE], missing: [], lacking: ['X'], checkedAt: 0 } },
  });
  proveTenant.mockResolvedValue(toProofs([ROLE], 'roles_missing'));
  clock.pass(15 * MINUTE);
  await verifier.lookAgain(TENANT);
  expect([(await read())?.status, enqueue.mock.lastCall?.[1]]).toEqual(['active', 5 * SECOND]);
  clock.pass(15 * MINUTE);
  await verifier.lookAgain(TENANT);
  expect(await read()).toMatchObject({ status: 'partial', verification: undefined });
});

test('a served tenant that one look wrongly found without consent goes on', async () => {
  const { verifier, proveTenant, clock, read } = await setUp({ status: 'partial' });
  proveTenant.mockResolvedValueOnce(toProofs([ROLE], 'consent_missing'));
  clock.pass(24 * HOUR);
  await verifier.lookAgain(TENANT);
  proveTenant.mockResolvedValueOnce(toProofs([]));
  clock.pass(5 * SECOND);
  await verifier.lookAgain(TENANT);
  expect(await read()).toMatchObject({ status: 'active', verification: undefined });
});

test('a tenant that is found whole again is spared for a day, until its admin consents anew', async () => {
  const failure = { ...FAILED, at: createClock().now() };
  const { verifier, proveTenant, clock, read, invitation } = await setUp({
    status: 'consent_revoked',
    failure,
  });
  proveTenant.mockResolvedValue(toProofs([]));
  clock.pass(15 * MINUTE);
  await verifier.lookAgain(TENANT);
  const sparedUntil = clock.now() + 24 * HOUR;
  expect(await read()).toMatchObject({ status: 'active', failure: undefined, sparedUntil });
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  expect((await read())?.sparedUntil).toBeUndefined();
});

test('an operator’s proof ends the sparing', async () => {
  const { verifier, proveTenant } = await setUp({ sparedUntil: createClock().now() + HOUR });
  proveTenant.mockResolvedValue(toProofs([]));
  expect((await verifier.verifyNow(TENANT)).sparedUntil).toBeUndefined();
});

test('what broke is looked at after 15 minutes, then each time it has lasted as long again, then daily', () => {
  const broken = {
    ...createTenant(TENANT, 0),
    status: 'consent_revoked',
    failure: FAILED,
  } as const;
  const lookedAt = (checkedAt: number) => ({
    ...broken,
    proofs: { 'defender-xdr': { granted: [], missing: [ROLE], checkedAt } },
  });
  const looks = [0, 15 * MINUTE, 30 * MINUTE, HOUR, 16 * HOUR, 48 * HOUR];
  const waits = [15 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 16 * HOUR, 24 * HOUR];
  const dueAt = (shift: number) =>
    looks.map((at, i) => isLookDue(lookedAt(at), at + (waits[i] ?? 0) + shift));
  expect([dueAt(-1), dueAt(0)]).toEqual([looks.map(() => false), looks.map(() => true)]);
});

test.each<[string, Partial<Tenant>, boolean]>([
  [
    'a look whose message was lost',
    { verification: { startedAt: 0, until: 0, nextAt: -2 * MINUTE, attempt: 1 } },
    true,
  ],
  [
    'a look that is still to come',
    { verification: { startedAt: 0, until: 0, nextAt: 1, attempt: 1 } },
    false,
  ],
  [
    'a withdrawn consent of two days ago',
    { status: 'consent_revoked', proofs: toProofs([ROLE]) },
    true,
  ],
  ['a tenant that is well', { status: 'active' }, false],
  ['a disabled tenant', { status: 'disabled' }, false],
])('the timer looks after %s: %o', (_, change, isRefreshDue) => {
  const now = change.verification ? 0 : 48 * HOUR;
  expect(isLookDue({ ...createTenant(TENANT, 0), ...change }, now)).toBe(isRefreshDue);
});

test('optional roles lag behind a fresh consent: they are looked for after 15, 30 and 60 minutes, for a day', () => {
  const lookedAt = (checkedAt: number, lacking?: readonly string[]): Tenant => ({
    ...createTenant(TENANT, 0),
    status: 'active',
    consentedAt: 0,
    proofs: { graph: { granted: [], missing: [], checkedAt, ...(lacking && { lacking }) } },
  });
  const looks = [0, 15 * MINUTE, 30 * MINUTE, HOUR, 8 * HOUR];
  const dueAt = (shift: number) =>
    looks.map((at) => isLookDue(lookedAt(at, [ROLE]), at + Math.max(at, 15 * MINUTE) + shift));
  expect([dueAt(-1), dueAt(0)]).toEqual([looks.map(() => false), looks.map(() => true)]);
  expect(isLookDue(lookedAt(8 * HOUR, [ROLE]), 24 * HOUR)).toBe(false);
  expect(isLookDue(lookedAt(0), HOUR)).toBe(false);
});

test('an optional role that came late is on record after the look that the timer asks for', async () => {
  const { verifier, invitation, proveTenant, clock, read } = await setUp({ status: 'verifying' });
  const whole = toProofs([])['defender-xdr'];
  const prove = (lacking?: readonly string[]) =>
    proveTenant.mockResolvedValue({
      'defender-xdr': { ...whole, checkedAt: clock.now(), ...(lacking && { lacking }) },
    });
  prove(['AdvancedHunting.Read.All']);
  await verifier.acceptConsent({ tenantId: TENANT, domain: undefined, invitation });
  expect(await read()).toMatchObject({
    status: 'active',
    proofs: { 'defender-xdr': { lacking: ['AdvancedHunting.Read.All'] } },
  });
  clock.pass(15 * MINUTE);
  prove();
  await verifier.lookAgain(TENANT);
  expect(await read()).toMatchObject({ status: 'active' });
  expect((await read())?.proofs['defender-xdr']?.lacking).toBeUndefined();
});
