import { expect, test } from 'vitest';
import { createFindTenantOfDomain } from '../../../shared/entra/openid-metadata.ts';
import { BrokerError } from '../../../shared/errors.ts';
import { listMutations } from '../../support/mutations.ts';
import { TENANT } from '../../support/tokens.ts';

const AUTHORITY = 'https://login.example';
const METADATA = {
  issuer: `${AUTHORITY}/${TENANT}/v2.0`,
  jwks_uri: `${AUTHORITY}/${TENANT}/discovery/v2.0/keys`,
};

function setUp(answer: () => Response) {
  return createFindTenantOfDomain(() => Promise.resolve(answer()), AUTHORITY);
}

function refuse(error: string, codes: readonly number[], init: ResponseInit = { status: 400 }) {
  return () => Response.json({ error, error_codes: codes }, init);
}

test('the tenant of a domain stands in the issuer of its metadata', async () => {
  const find = setUp(() => Response.json(METADATA));
  expect(await find('contoso.example')).toBe(TENANT);
});

test.each([
  ['invalid_tenant', [90002]],
  ['invalid_request', [900023]],
  ['invalid_tenant', [90038]],
])('%s %j means that nobody has the domain in this cloud', async (error, codes) => {
  expect(await setUp(refuse(error, codes))('contoso.example')).toBeUndefined();
});

test.each([
  ['a transient error of Entra', refuse('temporarily_unavailable', [90033])],
  ['an error that nobody knows', refuse('invalid_tenant', [999999999])],
  ['an error without a number', refuse('invalid_tenant', [])],
  ['a server error', refuse('invalid_tenant', [90002], { status: 503 })],
  ['a page', () => new Response('<html></html>')],
  [
    'the issuer of many tenants',
    () => Response.json({ ...METADATA, issuer: `${AUTHORITY}/{tenantid}/v2.0` }),
  ],
  ['half an issuer', () => Response.json({ ...METADATA, issuer: TENANT })],
])('%s is a failure, and no absence', async (_, answer) => {
  await expect(setUp(answer)('contoso.example')).rejects.toMatchObject({
    code: 'temporarily_unavailable',
    details: { owner: 'microsoft', retryAfterSeconds: 10 },
  });
});

test('a throttled lookup waits as long as Entra says', async () => {
  const headers = { 'retry-after': '90' };
  const find = setUp(() => new Response('Too Many Requests', { status: 429, headers }));
  await expect(find('contoso.example')).rejects.toMatchObject({
    details: { retryAfterSeconds: 90 },
  });
});

test.each(listMutations(METADATA))(
  'metadata where %s names that tenant or none',
  async (_, text) => {
    const found = await setUp(() => new Response(text))('contoso.example').catch(
      (error: unknown) => error,
    );
    const isFailure = found instanceof BrokerError && found.code === 'temporarily_unavailable';
    expect(found === TENANT || isFailure).toBe(true);
  },
);
