import { expect, test } from 'vitest';
import { clearFaults, injectFault } from '../../local/entra/faults.ts';
import { ALL, bySecret, startOAuthEnvironment } from './oauth-environment.ts';

const { sandbox, operator, logs, directory, addClient, post } = await startOAuthEnvironment();
const { microsoft } = sandbox;
const tool = await addClient('client');

/** How often Entra was asked about a client. */
const countAsked = (clientId: string) =>
  microsoft.entra.requests.filter(
    (request) => request.clientId === clientId && request.tenant === directory.homeTenantId,
  ).length;

test('a stranger’s client id costs neither storage nor Entra anything', async () => {
  await post(bySecret(tool));
  const before = microsoft.entra.requests.length;
  await Promise.all(
    Array.from({ length: 50 }, (_, index) => {
      const clientId = `11111111-2222-4333-8444-5555555555${String(index).padStart(2, '0')}`;
      return post(bySecret({ clientId, secret: 'x' }));
    }),
  );
  expect(microsoft.entra.requests.length).toBe(before);
});

test('an attacker at one address leaves the right secret working from another', async () => {
  const client = await addClient('attacked once');
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } });
  for (let guess = 0; guess < 20; guess++) {
    await post(bySecret({ ...client, secret: `guess ${guess}` }), from('203.0.113.1'));
  }
  const elsewhere = await post(bySecret(client), from('198.51.100.7'));
  const again = await post(bySecret(client), from('203.0.113.1'));
  expect([elsewhere.status, again.status]).toEqual([200, 200]);
  expect(countAsked(client.clientId)).toBeLessThanOrEqual(5);
});

test('too many guesses are answered with the time to wait', async () => {
  const client = await addClient('impatient');
  for (let guess = 0; guess < 3; guess++) {
    await post(bySecret({ ...client, secret: `guess ${guess}` }));
  }
  const { status, headers, body } = await post(bySecret({ ...client, secret: 'guess 9' }));
  expect([status, body.error, body.owner]).toEqual([429, 'temporarily_unavailable', 'caller']);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(30);
});

test('equal requests ask Entra once, a right secret not again for minutes', async () => {
  const client = await addClient('busy');
  const before = countAsked(client.clientId);
  await Promise.all(Array.from({ length: 20 }, () => post(bySecret(client))));
  await post(bySecret(client));
  expect(countAsked(client.clientId) - before).toBe(1);
});

test('while Entra can’t be asked, who was verified goes on, and others are told to wait', async () => {
  const verified = await addClient('verified');
  const late = await addClient('late');
  await post(bySecret(verified));
  injectFault(directory, { kind: 'server-error', tenantId: directory.homeTenantId });
  const answers = [await post(bySecret(verified)), await post(bySecret(late))];
  clearFaults(directory, directory.homeTenantId);
  expect(answers.map(({ status }) => status)).toEqual([200, 503]);
  expect(answers[1]?.headers.get('retry-after')).toBe('5');
});

test('an expired secret is refused', async () => {
  const client = await addClient('expired');
  injectFault(directory, { kind: 'secret-expired', tenantId: directory.homeTenantId });
  const { status, body } = await post(bySecret(client));
  clearFaults(directory, directory.homeTenantId);
  expect([status, body.error]).toEqual([401, 'invalid_client']);
});

test('who opts out, or loses its grants, gets nothing more at once', async () => {
  const client = await addClient('leaving');
  const path = `/callers/${client.clientId}`;
  const statuses = [(await post(bySecret(client))).status];
  await operator.call('PUT', path, { rules: ALL, client_secret: false });
  statuses.push((await post(bySecret(client))).status);
  await operator.call('PUT', path, { rules: ALL, client_secret: true });
  statuses.push((await post(bySecret(client))).status);
  await operator.call('DELETE', path);
  statuses.push((await post(bySecret(client))).status);
  expect(statuses).toEqual([200, 401, 200, 401]);
});

test('no secret, token or assertion of all this is in our log', () => {
  const text = JSON.stringify(logs);
  expect(text).not.toContain(tool.secret);
  expect(text).not.toMatch(/eyJ|guess|wrong secret/);
});
