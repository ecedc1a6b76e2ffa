import { expect, test } from 'vitest';
import { createInvitationTable } from '../../../shared/azure/records/invitation-table.ts';
import { createTenantTable } from '../../../shared/azure/records/tenant-table.ts';
import { createInvite } from '../../../shared/invitations/invite.ts';
import { createGetConsentUrl } from '../../../shared/invitations/reconsent.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { TENANT } from '../../support/tokens.ts';

const DAY = 24 * HOUR;

/** A tenant without its consent, as a process read it before there was a link. */
async function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const tenants = createTenantTable(openNewTable('tenants'), log);
  const invitations = createInvitationTable(openNewTable('invitations'), log);
  const tenant = { ...createTenant(TENANT, 0), status: 'consent_revoked' } as const;
  await tenants.insert(tenant);
  const publicBaseUrl = 'https://broker.example';
  const invite = createInvite({
    invitations,
    resolveTenant: (name) => Promise.resolve(name),
    findTombstone: () => Promise.resolve(undefined),
    publicBaseUrl,
    now: clock.now,
  });
  const getConsentUrl = createGetConsentUrl({ invite, tenants, publicBaseUrl, now: clock.now });
  const countInvitations = async () => (await invitations.list()).length;
  return { clock, tenant, tenants, getConsentUrl, countInvitations };
}

test('refusals of a tenant that was read before it had a link make one link, and write nothing more', async () => {
  const { tenant, tenants, getConsentUrl, countInvitations } = await setUp();
  const first = await getConsentUrl(tenant);
  const written = await tenants.find(TENANT);
  expect(await getConsentUrl(tenant)).toBe(first);
  expect(await tenants.find(TENANT)).toEqual(written);
  expect(await countInvitations()).toBe(1);
});

test('refusals at the same time share one link', async () => {
  const { tenant, getConsentUrl, countInvitations } = await setUp();
  const links = await Promise.all(Array.from({ length: 20 }, () => getConsentUrl(tenant)));
  expect(new Set(links).size).toBe(1);
  expect(await countInvitations()).toBe(1);
});

test('a link that ends within a day is made anew', async () => {
  const { clock, tenant, getConsentUrl, countInvitations } = await setUp();
  const first = await getConsentUrl(tenant);
  clock.pass(13 * DAY + HOUR);
  expect(await getConsentUrl(tenant)).not.toBe(first);
  expect(await countInvitations()).toBe(2);
});
