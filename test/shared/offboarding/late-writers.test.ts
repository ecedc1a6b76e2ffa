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

type TestEnvironment = ReturnType<typeof setUp>;

function toVerifier(
  environment: TestEnvironment,
  parts: Partial<Parameters<typeof createVerifier>[0]> = {},
) {
  return createVerifier({
    tenants: environment.raw.tenants,
    invitations: environment.guarded.invitations(),
    proveTenant: () => Promise.resolve({ 'defender-xdr': GRANTED }),
    enqueue: () => Promise.resolve(),
    clearRetryStates: () => Promise.resolve(),
    advanceEpoch: () => Promise.resolve(),
    log: environment.log,
    now: environment.clock.now,
    ...parts,
  });
}

function toConsent(invitation: Invitation) {
  return { tenantId: TENANT, domain: undefined, invitation };
}

function toInvite(environment: TestEnvironment, invitations = environment.guarded.invitations()) {
  return createInvite({
    invitations,
    resolveTenant: (name) => Promise.resolve(name),
    findTombstone: environment.findTombstone,
    publicBaseUrl: 'https://broker.example',
    now: environment.clock.now,
  });
}

test.each(MOMENTS)(
  'an invitation is gone when the offboarding comes right %s its write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    const raw = interleave(environment.raw.invitations, 'insert', [moment, environment.offboard]);
    const invite = toInvite(environment, environment.guarded.invitations(raw));
    const invited = invite({ tenant: TENANT, createdBy: CALLER, mayReadmit: true });
    await expect(invited).rejects.toThrow('The tenant was offboarded.');
    expect(await environment.places()).toEqual(['tenants']);
  },
);

test.each(MOMENTS)(
  'grants do not name the tenant when the offboarding comes right %s their write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    await environment.raw.grants.insert(toGrants(['*']));
    const raw = interleave(environment.raw.grants, 'replace', [moment, environment.offboard]);
    const administration = createGrantAdministration({
      grants: environment.guarded.grants(raw),
      tenants: environment.raw.tenants,
      publish: (write) => write(),
      now: environment.clock.now,
    });
    const rules = toGrants([TENANT, 'tag:gold']).rules;
    const put = administration.put(CALLER, {
      grants: { displayName: undefined, mode: 'enforce', rules },
      blocked: undefined,
      actorId: CALLER,
    });
    await expect(put).rejects.toThrow('does not know');
    expect(await environment.places()).toEqual(['tenants']);
    expect((await environment.raw.grants.find(CALLER))?.value.rules[0]?.tenants).toEqual([
      'tag:gold',
    ]);
  },
);

test.each(MOMENTS)(
  'first grants are taken back when the offboarding comes right %s their write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    const raw = interleave(environment.raw.grants, 'insert', [moment, environment.offboard]);
    await expect(environment.guarded.grants(raw).insert(toGrants([TENANT]))).rejects.toThrow(
      'not know',
    );
    expect(await environment.places()).toEqual(['tenants']);
  },
);

test.each(MOMENTS)(
  'a consent changes nothing when the offboarding comes right %s its claim',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    await environment.raw.invitations.insert(INVITATION);
    const raw = interleave(environment.raw.invitations, 'replace', [moment, environment.offboard]);
    const invitations = environment.guarded.invitations(raw);
    const accepted = toVerifier(environment, { invitations }).acceptConsent(toConsent(INVITATION));
    await expect(accepted).rejects.toThrow();
    expect(await environment.places()).toEqual(['tenants']);
    expect(await environment.read()).toMatchObject({
      status: 'offboarded',
      verification: undefined,
    });
  },
);

test('a consent that is accepted after the offboarding is refused by name', async () => {
  const environment = setUp();
  await environment.addTenant();
  await environment.offboard();
  await environment.raw.invitations.insert(INVITATION);
  await expect(toVerifier(environment).acceptConsent(toConsent(INVITATION))).rejects.toMatchObject({
    refusal: 'tenant_offboarded',
  });
  expect(await environment.places()).toEqual(['tenants']);
});

test('a proof that comes back after the offboarding does not wake the tenant', async () => {
  const environment = setUp();
  await environment.addTenant({ status: 'partial' });
  const { find } = environment.raw.tenants;
  let tombstone: unknown;
  const proveTenant = async () => {
    await environment.offboard();
    tombstone = await find(TENANT);
    return { 'defender-xdr': GRANTED };
  };
  const tenant = await toVerifier(environment, { proveTenant }).verifyNow(TENANT);
  expect(tenant).toMatchObject({ status: 'offboarded', proofs: {} });
  expect(await find(TENANT)).toEqual(tombstone);
});

test('a message that comes after the offboarding asks nobody', async () => {
  const environment = setUp();
  const verification = { startedAt: 0, until: 0, nextAt: 0, attempt: 3 };
  await environment.addTenant({ status: 'verifying', verification });
  await environment.offboard();
  const proveTenant = vi.fn();
  await toVerifier(environment, { proveTenant }).lookAgain(TENANT);
  expect(proveTenant).not.toHaveBeenCalled();
});

test.each([
  { issued: true, roles: ['Incident.Read.All'] },
  { failure: { cause: 'consent_missing' }, count: 2 },
  { failure: { cause: 'roles_missing', missingRoles: ['Incident.Read.All'] }, count: 1 },
] as const)(
  'an outcome that is reported after the offboarding is not recorded: %j',
  async (outcome) => {
    const environment = setUp();
    await environment.addTenant({ status: 'partial' });
    const { tenants } = environment.raw;
    const directory = createTenantDirectory({ tenants, now: environment.clock.now });
    await directory.get(TENANT);
    const tombstone = await environment.offboard();
    const report = createOutcomeReporter({
      ...{ tenants, directory, advanceEpoch: () => Promise.resolve() },
      required: new Set(['defender-xdr'] as const),
      log: environment.log,
      now: environment.clock.now,
    });
    await report(KEY, outcome);
    expect(await environment.read()).toEqual(tombstone);
  },
);

test.each(MOMENTS)(
  'a re-consent link is gone when the offboarding comes right %s its write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant({ status: 'consent_revoked' });
    const { tenants } = environment.raw;
    const raw = interleave(environment.raw.invitations, 'insert', [moment, environment.offboard]);
    const invite = toInvite(environment, environment.guarded.invitations(raw));
    const getConsentUrl = createGetConsentUrl({
      ...{ invite, tenants, now: environment.clock.now },
      publicBaseUrl: 'https://broker.example',
    });
    await expect(getConsentUrl(createTenant(TENANT, 0))).rejects.toThrow('offboarded');
    await expect(getConsentUrl(createTenant(TENANT, 0))).rejects.toThrow('offboarded');
    expect(await environment.places()).toEqual(['tenants']);
  },
);

test('only an invitation that was made after the offboarding brings the tenant back, afresh', async () => {
  const environment = setUp();
  await environment.addTenant({ sparedUntil: environment.clock.now() + 60_000 });
  const { offboarding } = await environment.offboard();
  const older = { ...INVITATION, tenantId: TENANT, readmits: 'an earlier offboarding' };
  const verifier = toVerifier(environment);
  await expect(verifier.acceptConsent(toConsent(older))).rejects.toMatchObject({
    refusal: 'tenant_offboarded',
  });
  await toInvite(environment)({ tenant: TENANT, createdBy: CALLER, mayReadmit: true });
  await environment.offboard();
  const newer = { ...INVITATION, tenantId: TENANT, readmits: offboarding.id };
  await environment.raw.invitations.insert(newer);
  await verifier.acceptConsent(toConsent(newer));
  expect(await environment.places()).toEqual(['tenants', 'invitations', 'invitations']);
  expect(await environment.read()).toMatchObject({
    ...{ status: 'active', tags: [], sparedUntil: undefined, offboarding: undefined },
  });
});

test('a consent whose claim stood before the offboarding is refused all the same', async () => {
  const environment = setUp();
  await environment.addTenant();
  await environment.raw.invitations.insert(INVITATION);
  const invitations = interleave(environment.guarded.invitations(), 'replace', [
    'after',
    environment.offboard,
  ]);
  const accepted = toVerifier(environment, { invitations }).acceptConsent(toConsent(INVITATION));
  await expect(accepted).rejects.toMatchObject({ refusal: 'tenant_offboarded' });
  expect(await environment.places()).toEqual(['tenants']);
});
