import { expect, test } from 'vitest';
import { startWorld } from './set-up.ts';

const { sandbox, onboard } = await startWorld();
const { tenant } = await onboard('Contoso');

/** Sends a body in chunks, as `curl -T -` and some HTTP clients do. */
async function sendChunked(method: string, path: string, text: string) {
  const token = await (await fetch(`${sandbox.microsoft.url}/sandbox/token/operator`)).text();
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
  const init = { method, body, duplex: 'half', headers: { authorization: `Bearer ${token}` } };
  const response = await fetch(`${sandbox.url}/api${path}`, init as RequestInit);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test.each([
  ['PATCH', `/tenants/${tenant.tenantId}`, '{"status":"disabled"}'],
  ['POST', `/tenants/${tenant.tenantId}/token`, '{"resource":"graph"}'],
  ['POST', '/invitations', '{"tenant":"contoso.example"}'],
])('a chunked body of %s %s is refused, not taken for none', async (method, path, text) => {
  expect(await sendChunked(method, path, text)).toMatchObject({
    status: 400,
    body: { error: 'invalid_request', error_description: 'The body has no Content-Length.' },
  });
});
