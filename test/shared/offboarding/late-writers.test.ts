import { expect, test, vi } from 'vitest';
import { createGrantAdministration } from '../../../shared/callers/grant-administration.ts';
import type { Invitation } from '../../../shared/invitations/invitation.ts';
import { createInvite } from '../../../shared/invitations/invite.ts';
import { createGetConsentUrl } from '../../../shared/invitations/reconsent.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createTenantDirectory } from '../../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../../shared/tenants/tenant-outcome.ts';
import { createVerifier } from '../../../shared/verification/verification.ts';
import { TENANT } from '../../support/tokens.ts';
import { CALLER, INVITATION, interleave, MOMENTS, setUp, toGrants } from './set-up.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;
const GRANTED = { granted: ['Incident.Read.All'], missing: [], checkedAt: 0 };

type World = ReturnType<typeof setUp>;

function toVerifier(world: World, parts: Partial<Parameters<typeof createVerifier>[0]> = {}) {
  return createVerifier({
    tenants: world.raw.tenants,
    invitations: world.guarded.invitations(),
    proveTenant: () => Promise.resolve({ 'defender-xdr': GRANTED }),
    enqueue: () => Promise.resolve(),
    clearSetbacks: () => Promise.resolve(),
    advanceEpoch: () => Promise.resolve(),
    log: world.log,
    now: world.clock.now,
    ...parts,
  });
}

function toConsent(invitation: Invitation) {
  return { tenantId: TENANT, domain: undefined, invitation };
}

function toInvite(world: World, invitations = world.guarded.invitations()) {
  return createInvite({
    invitations,
    resolveTenant: (name) => Promise.resolve(name),
    findTombstone: world.findTombstone,
    publicBaseUrl: 'https://broker.example',
    now: world.clock.now,
  });
}

test.each(MOMENTS)(
  'an invitation is gone when the offboarding comes right %s its write',
  async (moment) => {
    const world = setUp();
    await world.addTenant();
    const raw = interleave(world.raw.invitations, 'insert', [moment, world.offboard]);
    const invite = toInvite(world, world.guarded.invitations(raw));
    const invited = invite({ tenant: TENANT, createdBy: CALLER, mayReadmit: true });
    await expect(invited).rejects.toThrow('The tenant was offboarded.');
    expect(await world.places()).toEqual(['tenants']);
  },
);

test.each(MOMENTS)(
  'grants do not name the tenant when the offboarding comes right %s their write',
  async (moment) => {
    const world = setUp();
    await world.addTenant();
    await world.raw.grants.insert(toGrants(['*']));
    const raw = interleave(world.raw.grants, 'replace', [moment, world.offboard]);
    const administration = createGrantAdministration({
      grants: world.guarded.grants(raw),
      tenants: world.raw.tenants,
      publish: (write) => write(),
      now: world.clock.now,
    });
    const rules = toGrants([TENANT, 'tag:gold']).rules;
    const put = administration.put(CALLER, {
      grants: { displayName: undefined, mode: 'enforce', rules },
      blocked: undefined,
      actorId: CALLER,
    });
    await expect(put).rejects.toThrow('does not know');
    expect(await world.places()).toEqual(['tenants']);
    expect((await world.raw.grants.find(CALLER))?.value.rules[0]?.tenants).toEqual(['tag:gold']);
  },
);

test.each(MOMENTS)(
  'first grants are taken back when the offboarding comes right %s their write',
  async (moment) => {
    const world = setUp();
    await world.addTenant();
    const raw = interleave(world.raw.grants, 'insert', [moment, world.offboard]);
    await expect(world.guarded.grants(raw).insert(toGrants([TENANT]))).rejects.toThrow('not know');
    expect(await world.places()).toEqual(['tenants']);
  },
);

test.each(MOMENTS)(
  'a consent changes nothing when the offboarding comes right %s its claim',
  async (moment) => {
    const world = setUp();
    await world.addTenant();
    await world.raw.invitations.insert(INVITATION);
    const raw = interleave(world.raw.invitations, 'replace', [moment, world.offboard]);
    const invitations = world.guarded.invitations(raw);
    const accepted = toVerifier(world, { invitations }).acceptConsent(toConsent(INVITATION));
    await expect(accepted).rejects.toThrow();
    expect(await world.places()).toEqual(['tenants']);
    expect(await world.read()).toMatchObject({ status: 'offboarded', verification: undefined });
  },
);

test('a consent that is accepted after the offboarding is refused by name', async () => {
  const world = setUp();
  await world.addTenant();
  await world.offboard();
  await world.raw.invitations.insert(INVITATION);
  await expect(toVerifier(world).acceptConsent(toConsent(INVITATION))).rejects.toMatchObject({
    refusal: 'tenant_offboarded',
  });
  expect(await world.places()).toEqual(['tenants']);
});

test('a proof that comes back after the offboarding does not wake the tenant', async () => {
  const world = setUp();
  await world.addTenant({ status: 'partial' });
  const { find } = world.raw.tenants;
  let tombstone: unknown;
  const proveTenant = async () => {
    await world.offboard();
    tombstone = await find(TENANT);
    return { 'defender-xdr': GRANTED };
  };
  const tenant = await toVerifier(world, { proveTenant }).verifyNow(TENANT);
  expect(tenant).toMatchObject({ status: 'offboarded', proofs: {} });
  expect(await find(TENANT)).toEqual(tombstone);
});

test('a message that comes after the offboarding asks nobody', async () => {
  const world = setUp();
  const verification = { startedAt: 0, until: 0, nextAt: 0, attempt: 3 };
  await world.addTenant({ status: 'verifying', verification });
  await world.offboard();
  const proveTenant = vi.fn();
  await toVerifier(world, { proveTenant }).lookAgain(TENANT);
  expect(proveTenant).not.toHaveBeenCalled();
});

test.each([
  { issued: true, roles: ['Incident.Read.All'] },
  { failure: { cause: 'consent_missing' }, count: 2 },
  { failure: { cause: 'roles_missing', missingRoles: ['Incident.Read.All'] }, count: 1 },
] as const)(
  'an outcome that is reported after the offboarding is not recorded: %j',
  async (outcome) => {
    const world = setUp();
    await world.addTenant({ status: 'partial' });
    const { tenants } = world.raw;
    const directory = createTenantDirectory({ tenants, now: world.clock.now });
    await directory.get(TENANT);
    const tombstone = await world.offboard();
    const report = createOutcomeReporter({
      ...{ tenants, directory, advanceEpoch: () => Promise.resolve() },
      required: new Set(['defender-xdr'] as const),
      log: world.log,
      now: world.clock.now,
    });
    await report(KEY, outcome);
    expect(await world.read()).toEqual(tombstone);
  },
);

test.each(MOMENTS)(
  'a re-consent link is gone when the offboarding comes right %s its write',
  async (moment) => {
    const world = setUp();
    await world.addTenant({ status: 'consent_revoked' });
    const { tenants } = world.raw;
    const raw = interleave(world.raw.invitations, 'insert', [moment, world.offboard]);
    const invite = toInvite(world, world.guarded.invitations(raw));
    const getConsentUrl = createGetConsentUrl({
      ...{ invite, tenants, now: world.clock.now },
      publicBaseUrl: 'https://broker.example',
    });
    await expect(getConsentUrl(createTenant(TENANT, 0))).rejects.toThrow('offboarded');
    await expect(getConsentUrl(createTenant(TENANT, 0))).rejects.toThrow('offboarded');
    expect(await world.places()).toEqual(['tenants']);
  },
);

test('only an invitation that was made after the offboarding brings the tenant back, afresh', async () => {
  const world = setUp();
  await world.addTenant({ sparedUntil: world.clock.now() + 60_000 });
  const { offboarding } = await world.offboard();
  const older = { ...INVITATION, tenantId: TENANT, readmits: 'an earlier offboarding' };
  const verifier = toVerifier(world);
  await expect(verifier.acceptConsent(toConsent(older))).rejects.toMatchObject({
    refusal: 'tenant_offboarded',
  });
  await toInvite(world)({ tenant: TENANT, createdBy: CALLER, mayReadmit: true });
  await world.offboard();
  const newer = { ...INVITATION, tenantId: TENANT, readmits: offboarding.id };
  await world.raw.invitations.insert(newer);
  await verifier.acceptConsent(toConsent(newer));
  expect(await world.places()).toEqual(['tenants', 'invitations', 'invitations']);
  expect(await world.read()).toMatchObject({
    ...{ status: 'active', tags: [], sparedUntil: undefined, offboarding: undefined },
  });
});

test('a consent whose claim stood before the offboarding is refused all the same', async () => {
  const world = setUp();
  await world.addTenant();
  await world.raw.invitations.insert(INVITATION);
  const invitations = interleave(world.guarded.invitations(), 'replace', ['after', world.offboard]);
  const accepted = toVerifier(world, { invitations }).acceptConsent(toConsent(INVITATION));
  await expect(accepted).rejects.toMatchObject({ refusal: 'tenant_offboarded' });
  expect(await world.places()).toEqual(['tenants']);
});
