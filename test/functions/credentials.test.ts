import { afterAll, expect, test } from 'vitest';
import type { HostLogEntry } from '../../local/host/host-log.ts';
import { onboard } from '../../local/sandbox/onboard-customers.ts';
import { startSandbox } from '../../local/sandbox/sandbox.ts';
import type { ClientCredentialKind } from '../../shared/config.ts';
import { claimAccount } from '../support/storage.ts';

/** A broker of its own with one kind of credential and an active customer. */
async function startWith(credential: ClientCredentialKind, scenario?: string) {
  const logs: HostLogEntry[] = [];
  const log = (entry: HostLogEntry) => logs.push(entry);
  const sandbox = await startSandbox({ lively: false, credential, log, storage: claimAccount() });
  afterAll(sandbox.stop);
  const { entra, url } = sandbox.microsoft;
  const flip = (name: string) => fetch(`${url}/sandbox/scenarios/${name}`, { method: 'POST' });
  if (scenario) await flip(scenario);
  const operator = await sandbox.connect('operator');
  const [customer] = sandbox.customers;
  if (!customer) throw new Error('The sandbox has no customers.');
  const { html } = await onboard(operator, customer);
  const path = `/tenants/${customer.tenant.tenantId}/token`;
  const ask = (resource: string) => operator.call('POST', path, { resource });
  return { sandbox, entra, html, ask, flip, logs, operator };
}

const environments = {
  secret: await startWith('secret'),
  certificate: await startWith('certificate'),
  'managed-identity': await startWith('managed-identity'),
} as const;

test.each(['secret', 'certificate', 'managed-identity'] as const)(
  'by %s a customer is onboarded, and nothing is refused on the way',
  (kind) => {
    const { html, entra } = environments[kind];
    expect(html).toContain('Done. Your consent is in place');
    expect(entra.requests.filter(({ status }) => status === 401)).toEqual([]);
  },
);

test.each([
  ['secret', 'rotate-secret'],
  ['certificate', 'rotate-certificate'],
] as const)(
  'our secret or certificate was rotated in Key Vault: %s, %s is noticed by nobody',
  async (kind, scenario) => {
    const { ask, flip } = environments[kind];
    await flip(scenario);
    expect((await ask('graph')).status).toBe(200);
  },
);

test.each([
  {
    situation: 'our credential expired',
    kind: 'secret',
    scenario: 'expire-secret',
    code: 7000222,
  },
  {
    situation: 'our credential expired',
    kind: 'certificate',
    scenario: 'expire-certificate',
    code: 700027,
  },
  {
    situation: 'the trust in our managed identity is removed',
    kind: 'managed-identity',
    scenario: 'break-federation',
    code: 700211,
  },
] as const)('$situation ($kind): the answer names whose turn it is', async ({ kind, ...told }) => {
  const { ask, flip } = environments[kind];
  await flip(told.scenario);
  expect(await ask('defender-endpoint')).toMatchObject({
    status: 503,
    body: { owner: 'partner', error_description: expect.stringContaining(`AADSTS${told.code}`) },
  });
  expect((await ask('defender-xdr')).status).toBe(200);
});

test('the new secret is wrong, or the new certificate has not spread: a new process passes the wrong secret over', async () => {
  const { html, logs, sandbox } = await startWith('secret', 'wrong-secret');
  const text = logs.map(({ message }) => message).join();
  expect(html).toContain('Done. Your consent is in place');
  expect(text).toContain('"reason":"refused"');
  expect(text).not.toContain(sandbox.partner.clientSecret);
});

test('the new secret is wrong, or the new certificate has not spread: the one before does, in the same request', async () => {
  const { sandbox, ask } = await startWith('certificate', 'rotate-certificate');
  const { client } = sandbox.partner;
  client.certificates = client.certificates.slice(0, 1);
  expect((await ask('graph')).status).toBe(200);
});

test('a certificate as PFX, which is the default of Key Vault, is as good as PEM', async () => {
  const { sandbox, entra, html, ask } = await startWith('certificate', 'rotate-certificate-to-pfx');
  const { client } = sandbox.partner;
  expect(html).toContain('Done. Your consent is in place');
  client.certificates = client.certificates.slice(1);
  expect((await ask('graph')).status).toBe(200);
  expect(entra.requests.filter(({ status }) => status === 401)).toEqual([]);
});

test('a PFX that can not be read is named with its remedy, and the one before goes on', async () => {
  const { sandbox, ask, operator, logs } = await startWith('certificate', 'unreadable-certificate');
  expect((await ask('graph')).status).toBe(200);
  const { status, body } = await operator.call('GET', '/health');
  expect(status).toBe(200);
  expect(body.checks).toMatchObject({
    credential: { status: 'up', problems: [expect.stringContaining('needs a password')] },
  });
  expect(sandbox.partner.client.certificates).toHaveLength(1);
  expect(JSON.stringify([logs, body])).not.toMatch(/MII[\w+/]{20}|PRIVATE KEY/);
});
