import { expect, test } from 'vitest';
import { startWorld } from './set-up.ts';

const { sandbox, onboard } = await startWorld();
const contoso = (await onboard('Contoso')).tenant;
const { playbook } = sandbox.partner.tools;

/** Posts a form as an OAuth client does. */
async function post(path: string, form: Record<string, string>, headers = {}) {
  const response = await fetch(`${sandbox.url}/${path}`, {
    method: 'POST',
    headers,
    body: new URLSearchParams(form),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

test('a client gets a token by its secret', async () => {
  const { status, headers, body } = await post(`${contoso.tenantId}/oauth2/v2.0/token`, {
    grant_type: 'client_credentials',
    client_id: playbook.clientId,
    client_secret: playbook.secret,
    scope: 'https://api.security.microsoft.com/.default',
  });
  expect(body).toEqual({
    token_type: 'Bearer',
    expires_in: expect.any(Number),
    ext_expires_in: expect.any(Number),
    refresh_in: expect.any(Number),
    access_token: expect.stringMatching(/^ey/),
  });
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
});
