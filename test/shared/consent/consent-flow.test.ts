import { expect, test } from 'vitest';
import { hashBrowser } from '../../../shared/consent/attempt.ts';
import { hashInvitationId } from '../../../shared/invitations/invitation.ts';
import { HOUR, MINUTE } from '../../support/clock.ts';
import { goToConsent, locationOf, setUp } from './set-up.ts';

const STATUS = { location: 'https://broker.example/api/consent/status' };

test('who signs in is sent to the consent of their own tenant, and may accept', async () => {
  const { flow, consentUrl, consent, cookie, tenantId, accepted } = await goToConsent();
  expect(new URL(consentUrl).pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
  expect(await flow.answer(consent, cookie)).toEqual(STATUS);
  expect(accepted).toEqual([tenantId]);
});

test('opening a link writes nothing', async () => {
  const { flow, invite, invitations } = await setUp();
  const { invitationId } = await invite({ createdBy: 'test' });
  const before = await invitations.find(hashInvitationId(invitationId));
  await flow.open(invitationId);
  expect(await invitations.find(hashInvitationId(invitationId))).toEqual(before);
});

test('an invitation remembers when it was first opened and signed in to', async () => {
  const { flow, invitations, invitationId, clock } = await goToConsent();
  const at = clock.now();
  clock.pass(MINUTE);
  await flow.start(invitationId, undefined);
  const { value } = (await invitations.find(hashInvitationId(invitationId))) ?? {};
  expect(value).toMatchObject({ openedAt: at, signedInAt: at, acceptedAt: undefined, claims: [] });
});

test('a `state` is forged, replayed, expired, or from another browser: expired', async () => {
  const { flow, consent, cookie, clock, accepted } = await goToConsent();
  clock.pass(31 * MINUTE);
  await expect(flow.answer(consent, cookie)).rejects.toMatchObject({ refusal: 'state_expired' });
  expect(accepted).toEqual([]);
});

test("another attempt's state does not fit another browser, even of the same tenant", async () => {
  const { flow, invite, signIn, consent, accepted } = await goToConsent();
  const { invitationId } = await invite({ createdBy: 'test' });
  const other = await flow.start(invitationId, undefined);
  await flow.answer(await signIn(other.location), other.cookie);
  await expect(flow.answer(consent, other.cookie)).rejects.toMatchObject({
    refusal: 'other_browser',
  });
  expect(accepted).toEqual([]);
});

test('a browser keeps its cookie from attempt to attempt; one that is made up is replaced', async () => {
  const { flow, invitationId, cookie } = await goToConsent();
  expect((await flow.start(invitationId, cookie)).cookie).toBe(cookie);
  const planted = 'planted'.repeat(6);
  expect((await flow.start(invitationId, planted)).cookie).not.toBe(planted);
});

test('an invitation that ended meanwhile is refused', async () => {
  const { flow, invite, signIn, clock } = await setUp();
  const { invitationId } = await invite({ createdBy: 'test', expiresInSeconds: 600 });
  const { location, cookie } = await flow.start(invitationId, undefined);
  const answer = await signIn(location);
  clock.pass(11 * MINUTE);
  const expired = { refusal: 'invitation_expired' };
  await expect(flow.answer(answer, cookie)).rejects.toMatchObject(expired);
  await expect(flow.start(invitationId, cookie)).rejects.toMatchObject(expired);
  await expect(flow.open(invitationId)).rejects.toMatchObject(expired);
});

test('a pinned invitation is for its tenant only', async () => {
  const { flow, invite, signIn, tenantId } = await setUp();
  const other = '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1';
  const { invitationId } = await invite({ createdBy: 'test', tenant: other });
  const { location, cookie } = await flow.start(invitationId, undefined);
  const answer = await signIn(location.replace(other, tenantId));
  await expect(flow.answer(answer, cookie)).rejects.toMatchObject({ refusal: 'sign_in_failed' });
});

test('each step has a nonce and a verifier of its own', async () => {
  const { location, consentUrl } = await goToConsent({ flow: 'authorize' });
  const [first, second] = [location, consentUrl].map((url) => new URL(url).searchParams);
  for (const name of ['nonce', 'code_challenge', 'state']) {
    expect(first?.get(name)).toMatch(/^[\w.-]{43,}$/);
    expect(second?.get(name)).toMatch(/^[\w.-]{43,}$/);
    expect(second?.get(name)).not.toBe(first?.get(name));
  }
});

test("the sign-in's answer, delivered again, leads to the consent and redeems nothing twice", async () => {
  const { flow, answer, cookie, tenantId, verified } = await goToConsent();
  const again = locationOf(await flow.answer(answer, cookie));
  expect(new URL(again).pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
  expect(verified).toHaveLength(1);
});

test("the consent's answer, delivered again, leads to its status and accepts nothing twice", async () => {
  const { flow, answer, consent, cookie, accepted } = await goToConsent();
  await flow.answer(consent, cookie);
  expect(await flow.answer(consent, cookie)).toEqual(STATUS);
  expect(await flow.answer(answer, cookie)).toEqual(STATUS);
  expect(accepted).toHaveLength(1);
});

test('an answer that comes twice at the same time is processed once', async () => {
  const { flow, consent, cookie, accepted } = await goToConsent();
  const steps = await Promise.all([1, 2, 3].map(() => flow.answer(consent, cookie)));
  expect(steps).toContainEqual(STATUS);
  expect(steps.filter((step) => 'location' in step || step.wait)).toHaveLength(3);
  expect(accepted).toHaveLength(1);
});

test('who declined hears it again, whatever the answer says the second time', async () => {
  const { flow, consent, cookie, accepted, invitationId } = await goToConsent();
  const declined = { refusal: 'declined', details: { invitationId, entraCode: 65004 } };
  const error = { error: 'access_denied', error_description: 'AADSTS65004: declined' };
  const answer = { ...consent, ...error };
  await expect(flow.answer(answer, cookie)).rejects.toMatchObject(declined);
  await expect(flow.answer(consent, cookie)).rejects.toMatchObject(declined);
  expect(accepted).toEqual([]);
});

test('an attempt whose process died is given up after a minute', async () => {
  const { flow, attempts, consent, cookie, clock } = await goToConsent();
  const { browserHash, sid } = (await attempts.list(hashBrowser(cookie)))[0] ?? {};
  const stored = await attempts.find({ browserHash: browserHash ?? '', sid: sid ?? '' });
  if (!stored) throw new Error('The attempt is gone.');
  await attempts.replace(stored, { ...stored.value, stage: 'accepting', stageAt: clock.now() });
  expect(await flow.answer(consent, cookie)).toEqual({ wait: true });
  clock.pass(MINUTE);
  await expect(flow.answer(consent, cookie)).rejects.toMatchObject({ refusal: 'try_later' });
});

test('two tabs with one link are two attempts of one browser, and both lead to the end', async () => {
  const { flow, invitationId, signIn, consent, cookie, accepted } = await goToConsent();
  const second = await flow.start(invitationId, cookie);
  await flow.answer(consent, cookie);
  const url = locationOf(await flow.answer(await signIn(second.location), cookie));
  const state = new URL(url).searchParams.get('state') ?? '';
  expect(await flow.answer({ ...consent, state }, cookie)).toEqual(STATUS);
  expect(accepted).toHaveLength(2);
});

test('a second tab is told that all is done when the first has used the link up', async () => {
  const { flow, invitationId, signIn, invitations, cookie, tenantId } = await goToConsent();
  const second = await flow.start(invitationId, cookie);
  const stored = await invitations.find(hashInvitationId(invitationId));
  if (stored) await invitations.replace(stored, { ...stored.value, usedBy: tenantId });
  expect(await flow.answer(await signIn(second.location), cookie)).toEqual(STATUS);
});

test.each([
  ['for another attempt', { nonce: 'other' }],
  ['in another version', { version: 'v1.0' as const }],
])('an id_token %s is refused', async (_, change) => {
  const { verified, verify } = await goToConsent();
  const [idToken, check] = verified[0] ?? ['', { version: 'v2.0' as const, nonce: '' }];
  await expect(verify(idToken, { ...check, ...change })).rejects.toMatchObject({
    name: 'IdTokenRefused',
  });
});

test('an id_token that has expired or was changed is refused', async () => {
  const { verified, verify, clock } = await goToConsent();
  const [idToken = '', check] = verified[0] ?? [];
  if (!check) throw new Error('No id_token was verified.');
  const [header, payload = '', signature] = idToken.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  const changed = Buffer.from(JSON.stringify({ ...claims, aud: 'other' })).toString('base64url');
  const refused = { name: 'IdTokenRefused' };
  await expect(verify(`${header}.${changed}.${signature}`, check)).rejects.toMatchObject(refused);
  clock.pass(2 * HOUR);
  await expect(verify(idToken, check)).rejects.toMatchObject(refused);
});
