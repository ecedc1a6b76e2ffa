import { expect, test } from 'vitest';
import { HOUR, MINUTE } from '../../support/clock.ts';
import { setUp } from './set-up.ts';

/** An attempt that has signed in and stands before the consent. */
async function goToConsent() {
  const world = await setUp();
  const { invitationId } = await world.invite({ createdBy: 'test' });
  const started = await world.flow.start(invitationId);
  const answer = await world.signIn(started.location);
  const step = await world.flow.answer(answer, started.cookie);
  const state = new URL(step.location).searchParams.get('state') ?? '';
  const consent = { state, admin_consent: 'True', tenant: world.tenantId };
  return { ...world, invitationId, started, step, consent };
}

test('who signs in is sent to the consent of their own tenant, and may accept', async () => {
  const { flow, step, consent, tenantId, accepted } = await goToConsent();
  expect(new URL(step.location).pathname).toBe(`/${tenantId}/v2.0/adminconsent`);
  expect(await flow.answer(consent, step.cookie)).toMatchObject({
    location: 'https://broker.example/api/consent/status',
  });
  expect(accepted).toEqual([tenantId]);
});

test('a `state` is forged, replayed, expired, or from another browser: expired', async () => {
  const { flow, step, consent, clock, accepted } = await goToConsent();
  clock.pass(31 * MINUTE);
  await expect(flow.answer(consent, step.cookie)).rejects.toMatchObject({
    refusal: 'state_expired',
  });
  expect(accepted).toEqual([]);
});

test('a cookie that was kept too long is none', async () => {
  const { flow, step, consent, clock } = await goToConsent();
  const { cookie } = await flow.answer(consent, step.cookie);
  expect(await flow.findConsented(cookie)).toMatchObject({ done: true });
  clock.pass(31 * MINUTE);
  expect(await flow.findConsented(cookie)).toBeUndefined();
});

test("another attempt's cookie does not fit, even of the same tenant", async () => {
  const { flow, invite, signIn, consent } = await goToConsent();
  const { invitationId } = await invite({ createdBy: 'test' });
  const other = await flow.start(invitationId);
  const step = await flow.answer(await signIn(other.location), other.cookie);
  await expect(flow.answer(consent, step.cookie)).rejects.toMatchObject({
    refusal: 'other_browser',
  });
});

test('the cookie of before the sign-in does not fit the consent', async () => {
  const { flow, started, consent } = await goToConsent();
  await expect(flow.answer(consent, started.cookie)).rejects.toMatchObject({
    refusal: 'other_browser',
  });
});

test('an invitation that ended meanwhile is refused', async () => {
  const { flow, invite, signIn, clock } = await setUp();
  const { invitationId } = await invite({ createdBy: 'test', expiresInSeconds: 600 });
  const started = await flow.start(invitationId);
  const answer = await signIn(started.location);
  clock.pass(11 * MINUTE);
  const late = flow.answer(answer, started.cookie);
  await expect(late).rejects.toMatchObject({ refusal: 'invitation_expired' });
  await expect(flow.start(invitationId)).rejects.toMatchObject({ refusal: 'invitation_expired' });
});

test('a pinned invitation is for its tenant only', async () => {
  const { flow, invite, signIn, tenantId } = await setUp();
  const other = '6c3a8d2f-a1e5-4d7c-9b62-4a2f7b8e3ca1';
  const { invitationId } = await invite({ createdBy: 'test', tenant: other });
  const started = await flow.start(invitationId);
  const location = started.location.replace(other, tenantId);
  const answered = flow.answer(await signIn(location), started.cookie);
  await expect(answered).rejects.toMatchObject({ refusal: 'sign_in_failed' });
});

test('each step has a nonce and a verifier of its own', async () => {
  const { started, step } = await goToConsent();
  const [first, second] = [started, step].map(({ location }) => new URL(location).searchParams);
  expect(first?.get('nonce')).toMatch(/^[\w-]{43}$/);
  expect(first?.get('code_challenge')).toMatch(/^[\w-]{43}$/);
  expect(second?.get('state')).not.toBe(first?.get('state'));
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
