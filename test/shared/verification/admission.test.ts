import { expect, test, vi } from 'vitest';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import type { Invitation } from '../../../shared/invitations/invitation.ts';
import { createInvitation } from '../../../shared/invitations/invite.ts';
import { createGetConsentUrl } from '../../../shared/invitations/reconsent.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import type { Proofs } from '../../../shared/verification/proof.ts';
import { isLookDue } from '../../../shared/verification/recheck.ts';
import { createVerifier } from '../../../shared/verification/verification.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

const OTHER = '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1';
const ROLE = 'Incident.Read.All';
const WRITE_ROLE = 'Incident.ReadWrite.All';

const WHOLE = toProofs([ROLE], []);
const PARTIAL = toProofs([ROLE], [WRITE_ROLE]);
const NOTHING = toProofs([], [ROLE]);

function toProofs(granted: readonly string[], missing: readonly string[]): Proofs {
  return { 'defender-xdr': { granted, missing, checkedAt: 0 } };
}

/** A broker with one open invitation, whose tenants' tokens show what `proofs` holds. */
async function setUp(change: Partial<Invitation> = {}) {
  const clock = createClock();
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  const invitations = createInvitationTable(openNewTable('invitations'), log);
  const invitation = {
    ...createInvitation('hash'),
    expiresAt: clock.now() + HOUR,
    ...change,
  };
  await invitations.insert(invitation);
  const proofs = new Map<string, Proofs>();
  const verifier = createVerifier({
    tenants,
    invitations,
    proveTenant: (tenantId) => Promise.resolve(proofs.get(tenantId) ?? NOTHING),
    enqueue: () => Promise.resolve(),
    clearRetryStates: () => Promise.resolve(),
    advanceEpoch: vi.fn().mockResolvedValue(undefined),
    log,
    now: clock.now,
  });
  const accept = (tenantId: string, domain?: string) =>
    verifier.acceptConsent({ tenantId, domain, invitation });
  const conclude = async (tenantId: string) => {
    clock.pass(15 * MINUTE);
    await verifier.lookAgain(tenantId);
  };
  const read = async (tenantId: string) => (await tenants.find(tenantId))?.value;
  const readInvitation = async () => (await invitations.find('hash'))?.value;
  return {
    ...{ clock, log, tenants, invitations, invitation, proofs, verifier },
    ...{ accept, conclude, read, readInvitation },
  };
}

test('a consent that no token shows claims nothing: another tenant may use the link', async () => {
  const { accept, conclude, read, readInvitation, proofs } = await setUp();
  await accept(OTHER);
  await conclude(OTHER);
  expect(await read(OTHER)).toMatchObject({ status: 'consent_revoked', pendingInvitation: 'hash' });
  expect(await readInvitation()).toMatchObject({ claimedBy: undefined, usedBy: undefined });
  proofs.set(TENANT, WHOLE);
  await accept(TENANT);
  expect((await read(TENANT))?.status).toBe('active');
  expect(await readInvitation()).toMatchObject({ claimedBy: TENANT, usedBy: TENANT });
});

test('two organisations consent with one open invitation: the first proof has it, the other waits for an operator', async () => {
  const { accept, read, proofs, verifier, clock, log } = await setUp();
  await accept(OTHER);
  proofs.set(TENANT, WHOLE);
  await accept(TENANT);
  proofs.set(OTHER, WHOLE);
  clock.pass(MINUTE);
  await verifier.lookAgain(OTHER);
  expect((await read(TENANT))?.status).toBe('active');
  expect(await read(OTHER)).toMatchObject({ status: 'disabled', verification: undefined });
  expect(log.lines).toContainEqual({
    level: 'warn',
    event: 'consent.not_admitted',
    fields: { tenant: OTHER },
  });
});

test('a tenant that is proven in part keeps the link for itself, and completes with it', async () => {
  const { accept, conclude, read, readInvitation, proofs } = await setUp();
  proofs.set(TENANT, PARTIAL);
  await accept(TENANT);
  await conclude(TENANT);
  expect(await read(TENANT)).toMatchObject({ status: 'partial', pendingInvitation: undefined });
  expect(await readInvitation()).toMatchObject({ claimedBy: TENANT, usedBy: undefined });
  proofs.set(TENANT, WHOLE);
  await accept(TENANT);
  expect(await read(TENANT)).toMatchObject({ status: 'active' });
  expect((await readInvitation())?.usedBy).toBe(TENANT);
});

test('a consent after its link was forgotten makes nobody active', async () => {
  const { accept, conclude, read, proofs, invitations, verifier } = await setUp();
  await accept(OTHER);
  await conclude(OTHER);
  await invitations.remove('hash');
  proofs.set(OTHER, WHOLE);
  expect((await verifier.verifyNow(OTHER)).status).toBe('disabled');
  expect((await read(OTHER))?.pendingInvitation).toBeUndefined();
});

test('an invitation is withdrawn: a proof that runs lets nobody in', async () => {
  const { accept, read, proofs, invitations, verifier, clock } = await setUp();
  await accept(TENANT);
  const stored = await invitations.find('hash');
  if (stored) await invitations.replace(stored, { ...stored.value, revokedAt: clock.now() });
  proofs.set(TENANT, WHOLE);
  clock.pass(MINUTE);
  await verifier.lookAgain(TENANT);
  expect((await read(TENANT))?.status).toBe('disabled');
});

test('a crash between the taken invitation and the record is made up for by the next look', async () => {
  const { accept, read, proofs, tenants, verifier, clock } = await setUp();
  await accept(TENANT);
  proofs.set(TENANT, WHOLE);
  const replace = vi.spyOn(tenants, 'replace').mockRejectedValueOnce(new Error('killed'));
  clock.pass(MINUTE);
  await expect(verifier.lookAgain(TENANT)).rejects.toThrow('killed');
  replace.mockRestore();
  expect((await read(TENANT))?.status).toBe('verifying');
  await verifier.lookAgain(TENANT);
  expect((await read(TENANT))?.status).toBe('active');
});

test('who was never let in gets no link that is pinned to it', async () => {
  const { accept, conclude, read, tenants, clock } = await setUp();
  await accept(OTHER);
  await conclude(OTHER);
  const invite = vi.fn();
  const base = { invite, tenants, publicBaseUrl: 'https://broker.example', now: clock.now };
  const tenant = await read(OTHER);
  expect(tenant && (await createGetConsentUrl(base)(tenant))).toBeUndefined();
  expect(invite).not.toHaveBeenCalled();
});

test('a tenant that was never let in is not looked after for ever', async () => {
  const { accept, conclude, read, clock } = await setUp();
  await accept(OTHER);
  await conclude(OTHER);
  const tenant = (await read(OTHER)) as Tenant;
  const day = 24 * HOUR;
  expect([isLookDue(tenant, clock.now() + day), isLookDue(tenant, clock.now() + 31 * day)]).toEqual(
    [true, false],
  );
});

test('a tenant is called as the invitation says, else by its own domain', async () => {
  const { accept, read } = await setUp({ displayName: 'Contoso Ltd' });
  await accept(TENANT, 'contoso.example');
  expect(await read(TENANT)).toMatchObject({
    displayName: 'Contoso Ltd',
    domain: 'contoso.example',
  });
  const unnamed = await setUp();
  await unnamed.accept(TENANT, 'contoso.example');
  expect(await unnamed.read(TENANT)).toMatchObject({ displayName: 'contoso.example' });
});

test('a consent is dated when a token shows it, not when a callback says so', async () => {
  const { accept, conclude, read, proofs, clock } = await setUp();
  await accept(TENANT);
  await conclude(TENANT);
  expect((await read(TENANT))?.consentedAt).toBeUndefined();
  proofs.set(TENANT, WHOLE);
  await accept(TENANT);
  expect((await read(TENANT))?.consentedAt).toBe(clock.now());
});

test('what is optional decides nothing: without it a tenant is active', async () => {
  const { accept, read, proofs } = await setUp();
  const optional = { granted: [], missing: [], checkedAt: 0, optional: true as const };
  proofs.set(TENANT, { ...WHOLE, graph: { ...optional, cause: 'consent_missing' } });
  await accept(TENANT);
  expect(await read(TENANT)).toMatchObject({
    status: 'active',
    proofs: { graph: { optional: true, cause: 'consent_missing' } },
  });
});
