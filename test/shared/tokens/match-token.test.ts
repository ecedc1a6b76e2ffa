import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AccessTokenClaims } from '../../../shared/tokens/claims/access-token.ts';
import { createRecordedLog } from '../../support/log.ts';
import { runs } from '../../support/runs.ts';
import { CLIENT, createMatcher, OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;
const AUDIENCE = 'https://api.security.microsoft.com';
const ISSUER_V2 = `https://login.microsoftonline.com/${TENANT}/v2.0`;
const OBJECT = '7d4b9e3a-b2f6-4e8d-8c73-5b3a8c9f4db2';

/** What Entra puts into an app-only token of Defender XDR. */
const GOOD = {
  aud: AUDIENCE,
  iss: `https://sts.windows.net/${TENANT}/`,
  iat: 1_795_251_600,
  nbf: 1_795_251_600,
  exp: 1_795_255_500,
  appid: CLIENT,
  appidacr: '1',
  idtyp: 'app',
  oid: OBJECT,
  roles: ['Incident.Read.All', 'AdvancedHunting.Read.All'],
  sub: OBJECT,
  tid: TENANT,
  uti: 'aGVsbG8td29ybGQtMTIzNDU',
  ver: '1.0',
};

const HEADER = encode('{"typ":"JWT","alg":"RS256","kid":"one"}');

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function toToken(payload: unknown): string {
  return `${HEADER}.${encode(JSON.stringify(payload))}.c2lnbmF0dXJl`;
}

function setUp() {
  const log = createRecordedLog();
  return { log, matchToken: createMatcher(log) };
}

const CLAIMS: AccessTokenClaims = {
  tenantId: TENANT,
  clientId: CLIENT,
  audience: AUDIENCE,
  objectId: OBJECT,
  roles: GOOD.roles,
  expiresAt: GOOD.exp * 1000,
  uti: GOOD.uti,
  isAppOnly: true,
};

const { appid: _, ...WITHOUT_APPID } = GOOD;

test.each([
  ['as Entra makes it', GOOD, CLAIMS],
  ['in capitals', { ...GOOD, tid: TENANT.toUpperCase(), appid: CLIENT.toUpperCase() }, CLAIMS],
  ['of version 2.0', { ...WITHOUT_APPID, azp: CLIENT, iss: ISSUER_V2, ver: '2.0' }, CLAIMS],
  ['with the client twice', { ...GOOD, azp: CLIENT }, CLAIMS],
  [
    'without claims that only inform',
    without('roles', 'uti', 'iss', 'idtyp', 'oid'),
    {
      ...CLAIMS,
      roles: [],
      uti: undefined,
      objectId: undefined,
    },
  ],
  ['with roles as text', { ...GOOD, roles: 'Incident.Read.All' }, { ...CLAIMS, roles: [] }],
  ['with a role that is no text', { ...GOOD, roles: ['a', 7] }, { ...CLAIMS, roles: [] }],
  ['with a number as uti', { ...GOOD, uti: 7 }, { ...CLAIMS, uti: undefined }],
  ['with an endless uti', { ...GOOD, uti: 'x'.repeat(129) }, { ...CLAIMS, uti: undefined }],
])('a token %s passes', (_name, payload, claims) => {
  const { matchToken, log } = setUp();
  expect(matchToken(KEY, toToken(payload))).toEqual(claims);
  expect(log.lines).toEqual([]);
});

test.each([
  ['tid', 'differs', { tid: OTHER_TENANT, iss: `https://sts.windows.net/${OTHER_TENANT}/` }],
  ['tid', 'unreadable', { tid: undefined }],
  ['tid', 'unreadable', { tid: [TENANT] }],
  ['tid', 'unreadable', { tid: `${TENANT} ` }],
  ['aud', 'unreadable', { tid: OTHER_TENANT, iss: undefined, aud: [AUDIENCE] }],
  ['tid', 'differs', { tid: OTHER_TENANT, iss: undefined, roles: 'text', uti: 7 }],
  ['aud', 'unreadable', { aud: [AUDIENCE] }],
  ['aud', 'unreadable', { aud: null }],
  ['aud', 'differs', { aud: 'https://graph.microsoft.com' }],
  ['aud', 'differs', { aud: 'defender-xdr' }],
  ['aud', 'differs', { aud: '' }],
  ['appid', 'differs', { appid: OTHER_TENANT }],
  ['appid', 'unreadable', { appid: undefined }],
  ['appid', 'unreadable', { appid: 7 }],
  ['appid', 'unreadable', { azp: OTHER_TENANT }],
  ['appid', 'unreadable', { azp: null }],
  ['exp', 'unreadable', { exp: undefined }],
  ['exp', 'unreadable', { exp: String(GOOD.exp) }],
  ['exp', 'unreadable', { exp: 1e300 }],
  ['exp', 'unreadable', { exp: -1 }],
  ['oid', 'unreadable', { oid: 7 }],
  ['oid', 'unreadable', { oid: null }],
  ['iss', 'unreadable', { iss: `https://sts.windows.net/${OTHER_TENANT}/` }],
  ['iss', 'unreadable', { iss: [GOOD.iss] }],
  ['iss', 'unreadable', { iss: TENANT }],
  ['idtyp', 'differs', { idtyp: 'user' }],
  ['idtyp', 'differs', { scp: 'Incident.Read' }],
])('a token whose %s %s is refused and logged: %o', (claim, reason, change) => {
  const { matchToken, log } = setUp();
  expect(matchToken(KEY, toToken({ ...GOOD, ...change }))).toBeUndefined();
  const fields = { tenant: TENANT, resource: 'defender-xdr', claim, reason };
  expect(log.lines).toEqual([{ level: 'error', event: 'token.mismatch', fields }]);
});

test.each([
  ['a text', 'opaque'],
  ['empty', ''],
  ['an encrypted token', 'a.b.c.d.e'],
  ['without a readable header', `x.${encode(JSON.stringify(GOOD))}.s`],
  ['no JSON', `${HEADER}.${encode('{"tid":')}.s`],
  ['a list', `${HEADER}.${encode(JSON.stringify([GOOD]))}.s`],
  ['cut short', toToken(GOOD).slice(0, 200)],
  ['one that names a tenant twice', toTwins(`"tid":"${OTHER_TENANT}"`)],
  ['one that names a tenant twice, in disguise', toTwins(`"t\\u0069d":"${OTHER_TENANT}"`)],
])('what is no JWT is refused: %s', (_name, token) => {
  const { matchToken, log } = setUp();
  expect(matchToken(KEY, token)).toBeUndefined();
  expect(log.lines).toMatchObject([{ fields: { claim: 'jwt', reason: 'unreadable' } }]);
});

test('names inside of other claims are nobody’s twins', () => {
  const { matchToken } = setUp();
  const nested = { ...GOOD, xms_a: { tid: OTHER_TENANT, list: [{ tid: ':"}' }] }, xms_b: '"tid":' };
  expect(matchToken(KEY, toToken(nested))).toEqual(CLAIMS);
});

/** Values that the claims of a token might have by mistake. */
const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    undefined,
    TENANT,
    OTHER_TENANT,
    CLIENT,
    AUDIENCE,
    [TENANT],
    [AUDIENCE],
    { tid: TENANT },
    TENANT.toUpperCase(),
    ` ${TENANT}`,
    `${AUDIENCE}/`,
    'https://graph.microsoft.com',
    'app',
    GOOD.exp,
    String(GOOD.exp),
    GOOD.iss,
    GOOD.roles,
    true,
  ),
);

/** A good payload in which some claims are something else. */
const mutated = fc
  .dictionary(fc.oneof(fc.constantFrom(...Object.keys(GOOD), 'azp', 'scp'), fc.string()), oddValue)
  .map((changes): Readonly<Record<string, unknown>> => ({ ...GOOD, ...changes }));

/**
 * By definition: what a token that may be handed out has to say, written without the code under
 * test.
 */
function isHarmless(seen: Readonly<Record<string, unknown>>): boolean {
  const same = (value: unknown, wanted: string) => String(value).toLowerCase() === wanted;
  const isText = (value: unknown) => typeof value === 'string';
  const clients = ['appid', 'azp'].filter((name) => name in seen).map((name) => seen[name]);
  const names = [AUDIENCE, `${AUDIENCE}/`, '8ee8fdad-f234-4243-8f3b-15c294843740'];
  return (
    isText(seen.tid) &&
    same(seen.tid, TENANT) &&
    clients.length > 0 &&
    clients.every((id) => isText(id) && same(id, CLIENT)) &&
    isText(seen.aud) &&
    names.includes(String(seen.aud).toLowerCase()) &&
    Number.isSafeInteger(seen.exp) &&
    Number(seen.exp) >= 0 &&
    Number(seen.exp) <= 8.64e12 &&
    (!('oid' in seen) ||
      (isText(seen.oid) && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(String(seen.oid)))) &&
    (!('iss' in seen) ||
      [`https://sts.windows.net/${TENANT}/`].includes(String(seen.iss).toLowerCase())) &&
    (!('idtyp' in seen) || seen.idtyp === 'app') &&
    !('scp' in seen)
  );
}

test('any mutation of a good payload is harmless by definition, or refused', () => {
  const { matchToken } = setUp();
  const tally = { passed: 0, refused: 0 };
  fc.assert(
    fc.property(mutated, (payload) => {
      const token = toToken(payload);
      const seen = JSON.parse(JSON.stringify(payload)) as Record<string, unknown>;
      const claims = matchToken(KEY, token);
      expect(claims !== undefined).toBe(isHarmless(seen));
      tally[claims ? 'passed' : 'refused']++;
      if (!claims) return;
      expect([claims.tenantId, claims.clientId]).toEqual([TENANT, CLIENT]);
      const roles = Array.isArray(seen.roles) ? seen.roles : [];
      expect(claims.roles.every((role) => typeof role === 'string' && roles.includes(role))).toBe(
        true,
      );
    }),
    { numRuns: runs(1000) },
  );
  expect(Math.min(tally.passed, tally.refused)).toBeGreaterThan(100);
});

test('a good token with any of its characters changed, cut or doubled never passes as another’s', () => {
  const { matchToken } = setUp();
  const token = toToken(GOOD);
  const edit = fc.tuple(fc.nat(token.length - 1), fc.nat(3), fc.string({ maxLength: 3 }));
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
      const edited = edits.reduce(
        (text, [at, drop, insert]) => text.slice(0, at) + insert + text.slice(at + drop),
        token,
      );
      const claims = matchToken(KEY, edited);
      if (claims) expect(claims).toMatchObject({ tenantId: TENANT, clientId: CLIENT });
    }),
    { numRuns: runs(1000) },
  );
});

function without(...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(GOOD).filter(([name]) => !names.includes(name)));
}

function toTwins(member: string): string {
  return `${HEADER}.${encode(`{${member},${JSON.stringify(GOOD).slice(1)}`)}.s`;
}

test('tokens with equal roles share one list, and no others do', () => {
  const { matchToken } = setUp();
  const read = (roles: readonly string[]) => matchToken(KEY, toToken({ ...GOOD, roles }))?.roles;
  const both = read(['Incident.Read.All', 'Score.Read.All']);
  expect(read(['Incident.Read.All', 'Score.Read.All'])).toBe(both);
  expect(read(['Score.Read.All', 'Incident.Read.All'])).not.toBe(both);
  const joined = ['Incident.Read.All,Score.Read.All'];
  expect(read(joined)).toEqual(joined);
});
