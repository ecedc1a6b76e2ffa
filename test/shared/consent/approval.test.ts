import { expect, test } from 'vitest';
import { mayConsent } from '../../../shared/consent/consenting-roles.ts';
import { hashInvitationId } from '../../../shared/invitations/invitation.ts';
import { goToConsent, setUp } from './set-up.ts';

const GLOBAL = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const CLOUD_APP = '158c047a-c907-4556-b7ef-446551a6b5f7';
const APPLICATION = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
const MEMBER = 'b79fbf4d-3ef9-4689-8143-76b194e85509';
const SECURITY_READER = '5d6b6bb7-de71-4623-b4af-96380a352509';

test('an ordinary user forges the consent of an open invitation: it uses nothing up and waits', async () => {
  const { flow, consent, cookie, accepted, invitations, invitationId, tenantId, clock, log } =
    await goToConsent({ account: 'user' });
  await flow.answer(consent, cookie);
  expect(accepted).toEqual([]);
  const { value } = (await invitations.find(hashInvitationId(invitationId))) ?? {};
  const claim = { tenantId, domain: 'contoso.example', userName: 'user@contoso.example' };
  expect(value).toMatchObject({ claims: [{ ...claim, claimedAt: clock.now() }] });
  expect(value).toMatchObject({ claimedBy: undefined, usedBy: undefined, acceptedAt: undefined });
  expect(log.lines).toContainEqual(
    expect.objectContaining({ event: 'consent.awaiting_approval', fields: { tenant: tenantId } }),
  );
});

test('while somebody waits, an administrator may still use the link', async () => {
  const { flow, signIn, consent, cookie, accepted, invitationId, tenantId } = await goToConsent({
    account: 'user',
  });
  await flow.answer(consent, cookie);
  const admin = await flow.start(invitationId, undefined);
  const step = await flow.answer(await signIn(admin.location), admin.cookie);
  const state = new URL('location' in step ? step.location : '').searchParams.get('state') ?? '';
  await flow.answer({ ...consent, state }, admin.cookie);
  expect(accepted).toEqual([tenantId]);
});

test('an invitation that names the tenant needs no role: the token proves the consent', async () => {
  const tenant = (await setUp()).tenantId;
  const { flow, consent, cookie, accepted } = await goToConsent({ account: 'user', tenant });
  await flow.answer(consent, cookie);
  expect(accepted).toEqual([tenant]);
});

test('an open link shows an operator ten tenants at most', async () => {
  const { flow, consent, cookie, invitations, invitationId } = await goToConsent({
    account: 'user',
  });
  const stored = await invitations.find(hashInvitationId(invitationId));
  if (!stored) throw new Error('The invitation is gone.');
  const claims = Array.from({ length: 10 }, (_, index) => ({
    tenantId: `00000000-0000-4000-8000-00000000000${index}`,
    domain: undefined,
    userName: undefined,
    claimedAt: index,
  }));
  await invitations.replace(stored, { ...stored.value, claims });
  await expect(flow.answer(consent, cookie)).rejects.toMatchObject({ refusal: 'invitation_used' });
  expect((await invitations.find(hashInvitationId(invitationId)))?.value.claims).toEqual(claims);
});

test.each([
  [[GLOBAL, MEMBER], true, true],
  [[PRIVILEGED.toUpperCase()], true, true],
  [[CLOUD_APP], true, false],
  [[APPLICATION], true, false],
  [[SECURITY_READER, MEMBER], false, false],
  [[], false, false],
])('%j may consent to Defender: %s, and to Graph: %s', (roles, toDefender, toGraph) => {
  expect(mayConsent(roles, new Set(['defender-xdr', 'defender-endpoint']))).toBe(toDefender);
  expect(mayConsent(roles, new Set(['defender-xdr', 'graph']))).toBe(toGraph);
});

test.each([
  ['a name of another organisation', 'guest@fabrikam.example'],
  ['a name without a domain', 'somebody'],
])('%s gives the tenant no domain', async (_, userPrincipalName) => {
  const environment = await setUp();
  const { tenantId, directory, flow, invitations } = environment;
  const tenant = directory.tenants.get(tenantId);
  tenant?.users.push({ oid: 'guest', userPrincipalName, displayName: 'G', roles: [] });
  const { invitationId } = await environment.invite({ createdBy: 'test' });
  const { location, cookie } = await flow.start(invitationId, undefined);
  const answer = await environment.signInAs(location, userPrincipalName);
  const step = await flow.answer(answer, cookie);
  const state = new URL('location' in step ? step.location : '').searchParams.get('state') ?? '';
  await flow.answer({ state, admin_consent: 'True', tenant: tenantId }, cookie);
  const { value } = (await invitations.find(hashInvitationId(invitationId))) ?? {};
  expect(value?.claims).toMatchObject([{ domain: undefined, userName: userPrincipalName }]);
});
