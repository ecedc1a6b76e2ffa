import { expect, test, vi } from 'vitest';
import type { ClientCredential } from '../../../shared/entra/credential/client-credential.ts';
import { createRequestToken } from '../../../shared/entra/token-endpoint.ts';
import { createResources } from '../../../shared/tokens/resource.ts';
import { CLIENT, TENANT } from '../../support/tokens.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

function setUp(...answers: readonly Response[]) {
  const queue = [...answers];
  const fetch = vi.fn(() => Promise.resolve(queue.shift() ?? Response.error()));
  const credential = {
    authenticate: vi.fn().mockResolvedValue({ version: 'one', proof: { client_secret: 's' } }),
    renew: vi.fn().mockResolvedValue(false),
    hold: vi.fn(),
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
  const body = { token_type: 'Bearer', access_token: 't', expires_in: 3599 };
  const { requestToken, fetch } = setUp(Response.json(body));
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

test('a refusal of our registration holds the next requests back, a tenant’s does not', async () => {
  const ours = setUp(refused('unauthorized_client', 650059));
  await expect(ours.requestToken(KEY)).rejects.toMatchObject({ name: 'IssueError' });
  expect(ours.credential.hold).toHaveBeenCalledWith(
    expect.objectContaining({ cause: 'client_misconfigured' }),
  );
  const theirs = setUp(refused('unauthorized_client', 700016));
  await expect(theirs.requestToken(KEY)).rejects.toMatchObject({ name: 'IssueError' });
  expect(theirs.credential.hold).not.toHaveBeenCalled();
});

test('a refused credential is renewed and shown once more', async () => {
  const body = { token_type: 'Bearer', access_token: 't', expires_in: 3599 };
  const { requestToken, credential, fetch } = setUp(
    refused('invalid_client', 7000215),
    Response.json(body),
  );
  credential.renew.mockResolvedValue(true);
  expect(await requestToken(KEY)).toMatchObject({ accessToken: 't' });
  expect(fetch).toHaveBeenCalledTimes(2);
});

test.each([
  [{ token_type: 'Bearer', access_token: 't' }],
  [{ token_type: 'mac', access_token: 't', expires_in: 1 }],
  [{ token_type: 'Bearer', access_token: '', expires_in: 1 }],
  [{ token_type: 'Bearer', access_token: 't', expires_in: '3599' }],
])('the answer %j is not a token', async (body) => {
  const { requestToken } = setUp(Response.json(body));
  await expect(requestToken(KEY)).rejects.toMatchObject({
    failure: { cause: 'unexpected_answer' },
  });
});
