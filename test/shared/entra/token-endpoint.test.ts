import { expect, test, vi } from 'vitest';
import type { ClientCredential } from '../../../shared/entra/credential/client-credential.ts';
import { createRequestToken } from '../../../shared/entra/token-endpoint.ts';
import { createResources } from '../../../shared/resources/resource.ts';
import { CLIENT, TENANT } from '../../support/tokens.ts';

const TOKEN = { token_type: 'Bearer', access_token: 't', expires_in: 3599 };
const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

function setUp(...answers: readonly Response[]) {
  const queue = [...answers];
  const fetch = vi.fn(() => Promise.resolve(queue.shift() ?? Response.error()));
  const credential = {
    authenticate: vi.fn().mockResolvedValue({ version: 'one', proof: { client_secret: 's' } }),
    noteAccepted: vi.fn(),
    handleRefusal: vi.fn<ClientCredential['handleRefusal']>().mockResolvedValue('unconfirmed'),
    describe: () => ({ kind: 'secret', problems: [] }) as const,
  } satisfies ClientCredential;
  const requestToken = createRequestToken({
    fetch,
    authority: 'https://login.example',
    clientId: CLIENT,
    resources: createResources('global'),
    credential,
  });
  return { fetch, credential, requestToken };
}

function refused(error: string, code: number) {
  return Response.json({ error, error_codes: [code] }, { status: 400 });
}

test('a token is asked for one resource of one tenant, with the credential', async () => {
  const { requestToken, fetch } = setUp(Response.json(TOKEN));
  expect(await requestToken(KEY)).toEqual({ accessToken: 't', expiresInMs: 3_599_000 });
  const [url, init] = fetch.mock.calls[0] as unknown as [string, RequestInit];
  expect(url).toBe(`https://login.example/${TENANT}/oauth2/v2.0/token`);
  expect(Object.fromEntries(init.body as URLSearchParams)).toEqual({
    grant_type: 'client_credentials',
    client_id: CLIENT,
    scope: 'https://api.security.microsoft.com/.default',
    client_secret: 's',
  });
  expect(init.redirect).toBe('error');
});

test('an endpoint that gives a token is noted: what was suspected of the client is void', async () => {
  const { requestToken, credential } = setUp(Response.json(TOKEN));
  await requestToken(KEY);
  expect(credential.noteAccepted).toHaveBeenCalledTimes(1);
});

test.each([
  ['unauthorized_client', 650059, 'client_misconfigured'],
  ['invalid_client', 7000215, 'credential_rejected'],
  ['invalid_client', 999999999, 'credential_rejected'],
])('%s with AADSTS%i blames the client only when that is confirmed', async (error, code, cause) => {
  const failure = { cause, entraCode: code };
  const { requestToken, credential } = setUp(refused(error, code), refused(error, code));
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'refused_in_tenant', entraCode: code },
  });
  expect(credential.handleRefusal).toHaveBeenCalledExactlyOnceWith(
    { version: 'one', proof: { client_secret: 's' } },
    { failure, tenantId: TENANT },
  );
  credential.handleRefusal.mockResolvedValue('confirmed');
  await expect(requestToken(KEY)).rejects.toMatchObject({ failure });
});

test.each([
  ['invalid_request', 900439],
  ['invalid_scope', 999999999],
  ['unsupported_grant_type', 999999999],
  ['something_new', 999999999],
])('%s with the unknown AADSTS%i is the failure of that tenant alone', async (error, code) => {
  const { requestToken, credential } = setUp(refused(error, code));
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'unexpected_answer', entraCode: code },
  });
  expect(credential.handleRefusal).not.toHaveBeenCalled();
});

test('a refused credential is renewed and shown once more', async () => {
  const { requestToken, credential, fetch } = setUp(
    refused('invalid_client', 7000215),
    Response.json(TOKEN),
  );
  credential.handleRefusal.mockResolvedValue('renewed');
  expect(await requestToken(KEY)).toMatchObject({ accessToken: 't' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('an assertion that was too late is made anew once, without asking the home tenant', async () => {
  const { requestToken, credential } = setUp(
    refused('invalid_client', 700024),
    Response.json(TOKEN),
  );
  expect(await requestToken(KEY)).toMatchObject({ accessToken: 't' });
  expect(credential.authenticate).toHaveBeenCalledTimes(2);
  expect(credential.handleRefusal).not.toHaveBeenCalled();
});

test('an assertion that is untimely twice is a matter of the clock', async () => {
  const answer = () => refused('invalid_client', 700024);
  const { requestToken, credential } = setUp(answer(), answer());
  credential.handleRefusal.mockResolvedValue('confirmed');
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'assertion_untimely', entraCode: 700024 },
  });
});

test('a credential that is renewed without end is shown twice', async () => {
  const answer = () => refused('invalid_client', 7000215);
  const { requestToken, credential, fetch } = setUp(answer(), answer(), answer());
  credential.handleRefusal.mockResolvedValue('renewed');
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'refused_in_tenant' },
  });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test('the v1 endpoint sends expires_in as text', async () => {
  const { requestToken } = setUp(Response.json({ ...TOKEN, expires_in: '3599' }));
  expect(await requestToken(KEY)).toEqual({ accessToken: 't', expiresInMs: 3_599_000 });
});

test.each([
  [{ ...TOKEN, expires_in: undefined }],
  [{ ...TOKEN, expires_in: 'an hour' }],
  [{ ...TOKEN, expires_in: 0 }],
  [{ ...TOKEN, expires_in: 1.5 }],
  [{ ...TOKEN, expires_in: [3599] }],
  [{ ...TOKEN, token_type: 'mac' }],
  [{ ...TOKEN, access_token: '' }],
  [{ ...TOKEN, access_token: 'x'.repeat(20_001) }],
  [[TOKEN]],
  [null],
])('the answer %j is not a token, and that is Microsoft’s', async (body) => {
  const { requestToken } = setUp(Response.json(body));
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'malformed_answer' },
  });
});

test.each([200, 400, 404])('a page with status %i is no answer of Entra', async (status) => {
  const page = new Response('<html><body>Sign in to the network</body></html>', { status });
  const { requestToken } = setUp(page);
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'malformed_answer' },
  });
});
