import { generateKeyPair, SignJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import { createAuthenticate } from '../../../shared/callers/authenticate.ts';
import { listUserClients } from '../../../shared/callers/caller-claims.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { CLIENT, OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const { privateKey, publicKey } = await generateKeyPair('RS256');

const CONSOLE = 'c0c0c0c0-1111-4222-8333-444444444444';

/** What a person's token says of who is behind it. */
const PERSON = {
  idtyp: 'user',
  scp: 'openid user_impersonation',
  azp: CONSOLE,
  oid: OTHER_TENANT,
};

const LACKS_SCOPE = 'The access token of a person lacks the scope user_impersonation.';

function setUp() {
  const clock = createClock();
  const getKey = vi.fn().mockResolvedValue(publicKey);
  const authenticate = createAuthenticate({
    issuers: [{ issuer: () => Promise.resolve('home'), getKey }],
    audiences: ['api://broker', 'broker'],
    homeTenantId: TENANT,
    userClients: new Set([CONSOLE]),
    now: clock.now,
  });
  const sign = async (claims: Record<string, unknown> = {}) => {
    const fixed = { iss: 'home', aud: 'broker', tid: TENANT };
    const base = { ...fixed, azp: CLIENT, idtyp: 'app', roles: ['Tokens.Issue'] };
    const token = await new SignJWT({ ...base, exp: clock.now() / 1000 + 3600, ...claims })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(privateKey);
    return `Bearer ${token}`;
  };
  return { clock, getKey, authenticate, sign };
}

test('an application is known by its client id, a person by their object id', async () => {
  const { authenticate, sign } = setUp();
  expect(await authenticate(await sign())).toEqual({
    id: CLIENT,
    kind: 'application',
    roles: ['Tokens.Issue'],
  });
  const person = await authenticate(await sign(PERSON));
  expect(person).toMatchObject({ id: OTHER_TENANT, kind: 'user' });
});

test.each([
  ['that has expired', { exp: 1 }, 'The access token has expired.'],
  ['without an end', { exp: undefined }, 'The claim exp of the access token is not accepted.'],
  ['that is not valid yet', { nbf: 9e9 }, 'The claim nbf of the access token is not accepted.'],
  ['for another API', { aud: 'x' }, 'The claim aud of the access token is not accepted.'],
  [
    'of another issuer',
    { iss: 'x' },
    'The access token comes from another issuer than the home tenant.',
  ],
  [
    'of another tenant',
    { tid: OTHER_TENANT },
    'The access token is not for an app or user of the home tenant.',
  ],
  ['that names nobody', { azp: undefined }, 'The access token names no caller.'],
  ['of a person without our scope', { ...PERSON, scp: 'User.Read' }, LACKS_SCOPE],
  ['of a person with a scope like ours', { ...PERSON, scp: 'user_impersonation.x' }, LACKS_SCOPE],
  ['of a person that says it is an app', { ...PERSON, idtyp: 'app' }, LACKS_SCOPE],
])('a token %s is refused', async (_, claims, message) => {
  const { authenticate, sign } = setUp();
  const refused = { code: 'invalid_token', message, details: { owner: 'caller' } };
  await expect((async () => authenticate(await sign(claims)))()).rejects.toMatchObject(refused);
});

test.each([
  ['without idtyp and scope', { idtyp: undefined }, 'idtyp is not app'],
  ['of a person without a scope', { idtyp: 'user', oid: OTHER_TENANT }, 'idtyp is not app'],
  ['of a person through a tool', { ...PERSON, azp: CLIENT }, 'may not call for people'],
  ['of a person through no client', { ...PERSON, azp: undefined }, 'may not call for people'],
])('a token %s is refused, and the partner can change that', async (_, claims, message) => {
  const { authenticate, sign } = setUp();
  const refusal = async () => authenticate(await sign(claims));
  await expect(refusal()).rejects.toThrow(message);
  await expect(refusal()).rejects.toMatchObject({
    code: 'invalid_token',
    details: { owner: 'partner' },
  });
});

test('the Azure CLI is a client of people only where it is allowed', () => {
  const given = { consoleClientId: CONSOLE, agentClientIds: [CLIENT] };
  expect([...listUserClients({ ...given, allowAzureCli: false })]).toEqual([CONSOLE, CLIENT]);
  expect([...listUserClients({ ...given, allowAzureCli: true })]).toEqual([
    CONSOLE,
    CLIENT,
    '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  ]);
});

test('a token that ends as a verified one, or holds it, is verified itself', async () => {
  const { authenticate, sign } = setUp();
  const good = await sign();
  await authenticate(good);
  const [header, , signature] = good.split('.');
  const stolen = btoa(
    JSON.stringify({ iss: 'home', aud: 'broker', tid: TENANT, azp: OTHER_TENANT }),
  );
  const forged = [`${header}.${stolen}.${signature}`, `Bearer x${good.slice('Bearer '.length)}`];
  for (const one of [...forged, `Bearer ${signature}`]) {
    await expect((async () => authenticate(one))()).rejects.toMatchObject({
      code: 'invalid_token',
    });
  }
});

test('an equal token is verified once in five minutes, and not beyond its end', async () => {
  const { authenticate, sign, getKey, clock } = setUp();
  const token = await sign();
  await authenticate(token);
  expect(authenticate(token)).toMatchObject({ id: CLIENT });
  expect(getKey).toHaveBeenCalledTimes(1);
  clock.pass(5 * MINUTE);
  await authenticate(token);
  expect(getKey).toHaveBeenCalledTimes(2);
  clock.pass(HOUR);
  await expect((async () => authenticate(token))()).rejects.toMatchObject({
    code: 'invalid_token',
  });
});

test('keys that can not be read are our affair, not the caller’s', async () => {
  const { authenticate, sign, getKey } = setUp();
  getKey.mockRejectedValue(new Error('down'));
  await expect((async () => authenticate(await sign()))()).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'microsoft' },
  });
});
