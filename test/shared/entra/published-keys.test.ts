import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { describe, expect, test, vi } from 'vitest';
import { createPublishedKeys } from '../../../shared/entra/published-keys.ts';
import { createClock, HOUR, MINUTE } from '../../support/clock.ts';
import { listMutations } from '../../support/mutations.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const AUTHORITY = 'https://login.example';
const { privateKey, publicKey } = await generateKeyPair('RS256');
const JWK = { ...(await exportJWK(publicKey)), kid: 'one', use: 'sig' };
const METADATA = {
  issuer: `${AUTHORITY}/${TENANT}/v2.0`,
  jwks_uri: `${AUTHORITY}/${TENANT}/discovery/v2.0/keys`,
};
const TOKEN = await new SignJWT({ iss: METADATA.issuer })
  .setProtectedHeader({ alg: 'RS256', kid: 'one' })
  .sign(privateKey);

/** The home tenant's documents, each as a text that may be changed. */
function setUp() {
  const clock = createClock();
  const texts = { metadata: JSON.stringify(METADATA), keys: JSON.stringify({ keys: [JWK] }) };
  const fetch = vi.fn((input: RequestInfo | URL) =>
    Promise.resolve(new Response(String(input).endsWith('/keys') ? texts.keys : texts.metadata)),
  );
  const of = { authority: AUTHORITY, tenantId: TENANT, version: 'v2.0' } as const;
  const keys = createPublishedKeys({ fetch, of, now: clock.now });
  const verify = async () => {
    const { payload } = await jwtVerify(TOKEN, keys.getKey, { issuer: await keys.issuer() });
    return payload.iss;
  };
  return { clock, texts, fetch, keys, verify };
}

test('a token is verified with the keys that its tenant publishes', async () => {
  const { verify, fetch } = setUp();
  expect([await verify(), await verify()]).toEqual([METADATA.issuer, METADATA.issuer]);
  expect(fetch).toHaveBeenCalledTimes(2);
});

describe.each(['metadata', 'keys'] as const)('odd %s', (document) => {
  const good = document === 'metadata' ? METADATA : { keys: [JWK] };

  // A key under another id is another key: Entra may replace its keys at any time.
  const odd = listMutations(good).filter(([what]) => what !== 'keys.0.kid is a text');

  test.each(odd)('where %s replace no good ones', async (_, text) => {
    const { verify, clock, texts } = setUp();
    await verify();
    texts[document] = text;
    clock.pass(HOUR);
    expect(await verify()).toBe(METADATA.issuer);
    texts[document] = JSON.stringify(good);
    clock.pass(HOUR);
    expect(await verify()).toBe(METADATA.issuer);
  });

  test.each(listMutations(good))(
    'where %s verify by the tenant’s keys or not at all',
    async (_, text) => {
      const { verify, clock, texts } = setUp();
      texts[document] = text;
      const outcome = await verify().catch((error: unknown) => error);
      expect(outcome === METADATA.issuer || outcome instanceof Error).toBe(true);
      texts[document] = JSON.stringify(good);
      clock.pass(HOUR);
      expect(await verify()).toBe(METADATA.issuer);
    },
  );
});

test.each([
  ['another tenant', { issuer: `${AUTHORITY}/${OTHER_TENANT}/v2.0` }],
  ['many tenants', { issuer: `${AUTHORITY}/{tenantid}/v2.0` }],
  ['keys of another site', { jwks_uri: 'https://evil.example/keys' }],
])('metadata of %s is not believed', async (_, change) => {
  const { verify, texts } = setUp();
  texts.metadata = JSON.stringify({ ...METADATA, ...change });
  await expect(verify()).rejects.toThrow('The metadata');
});

test('a key that is published twice, or beside odd ones, is a key', async () => {
  const { verify, texts } = setUp();
  const odd = [null, 7, { kty: 'RSA' }, { kty: 'EC', kid: 'one' }, { ...JWK, kid: 'two', n: '' }];
  texts.keys = JSON.stringify({ keys: [JWK, ...odd, JWK] });
  expect(await verify()).toBe(METADATA.issuer);
});

test('an emptied set of keys does not lock every caller out', async () => {
  const { verify, clock, texts } = setUp();
  await verify();
  texts.keys = '{"keys":[]}';
  clock.pass(HOUR + MINUTE);
  expect(await verify()).toBe(METADATA.issuer);
});
