import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { dropRole } from '../../local/entra/directory/grants.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { findPlaces, readStorage } from '../support/storage-scan.ts';
import { consent, headingOf, startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, invite, customer, onboard, send } = await startEnvironment();
const storage = sandbox.settings.AzureWebJobsStorage ?? '';
const { directory, client } = sandbox.partner;
const PLAYBOOK = sandbox.partner.tools.playbook.clientId;
const TOOL = '5d0b7a61-2c4f-4f7e-9a34-0c1d2e3f4a5b';

const idOf = (name: string) => customer(name).tenant.tenantId;
const offboard = (name: string) => operator.call('DELETE', `/tenants/${idOf(name)}`);

async function readReceipt(receipt: string) {
  const keys = await (await fetch(`${sandbox.url}/api/.well-known/jwks.json`)).json();
  return await jwtVerify(receipt, createLocalJWKSet(keys), {
    issuer: sandbox.url,
    typ: 'offboarding-receipt+jwt',
    algorithms: ['ES256'],
  });
}

/** A customer whose id stands wherever an id can stand. */
async function spread(name: string): Promise<void> {
  const { tenant, admin } = await onboard(name);
  const { tenantId } = tenant;
  const path = `/tenants/${tenantId}`;
  for (const tool of [operator, playbook]) await tool.call('POST', `${path}/token`);
  await playbook.call('POST', `${path}/token`, { resource: 'graph' });
  await operator.call('GET', `${path}/apis/defender-xdr/api/incidents?$top=1`);
  sandbox.microsoft.incidents.createBurst(tenantId, { count: 3, from: Date.now(), to: Date.now() });
  await sandbox.host.runFunction('syncIncidents');
  await sandbox.host.drainQueues();
  const rule = { effect: 'allow', resources: ['*'] };
  await operator.call('PUT', `/callers/${TOOL}`, {
    rules: [
      { ...rule, id: 'both', tenants: [tenantId, 'tag:gold'] },
      { ...rule, id: 'only', tenants: [tenantId] },
      { ...rule, id: 'never', effect: 'deny', tenants: [tenantId.toUpperCase()] },
    ],
  });
  await operator.call('PATCH', path, { tags: ['gold'], display_name: `${name} ${tenantId}` });
  dropRole(directory, { tenantId, clientId: client.clientId, role: 'Incident.Read.All' });
  await operator.call('POST', `${path}/verify`);
  await operator.call('GET', path);
  await invite({ tenant: tenantId });
  await invite({ note: `for ${tenantId.toUpperCase()}` });
  await consent(await invite({}), admin);
  await operator.call('POST', `${path}/verify`);
  const keys = [{ tenantId, resource: 'graph' }];
  for (const queue of ['token-refresh', 'token-refresh-poison']) await send(queue, { keys });
  await send('consent-verification', { tenantId });
  await send('incident-sync', { tenantId });
}

test('a tenant is offboarded: a scan of the whole storage finds it only in its tombstone', async () => {
  const tenantId = idOf('Contoso');
  await spread('Contoso');
  // The host takes nothing out of a poison queue: what is put there stays.
  const delayed = await send(
    'token-refresh-poison',
    { keys: [{ tenantId, resource: 'graph' }] },
    600,
  );
  expect(new Set(findPlaces(await readStorage(storage), tenantId))).toEqual(
    new Set([
      'table apicalls',
      'table callers',
      'table incidentchanges',
      'table incidentorder',
      'table incidents',
      'table incidentsync',
      'table invitations',
      'table tenants',
      'table tokens',
    ]),
  );
  const { status, body } = await offboard('Contoso');
  expect([status, body.problem]).toEqual([200, undefined]);
  await delayed.reveal();
  const held = await readStorage(storage);
  expect(findPlaces(held, tenantId)).toEqual(['table tenants']);
  expect(held.filter(({ place }) => place === 'queue token-refresh-poison')).toHaveLength(2);
  const [tombstone] = held.filter(({ text }) => text.includes(tenantId));
  expect(Object.keys(JSON.parse(tombstone?.text ?? '{}')).toSorted()).toEqual(
    ['consentedAt', 'createdAt', 'etag', 'mac', 'offboarding', 'partitionKey', 'proofs'].concat(
      ['rowDigest', 'rowKey', 'rowLedger', 'rowSignedAt', 'rowVersion'],
      ['status', 'tags', 'timestamp', 'updatedAt'],
    ),
  );
});

test('late work of an offboarded tenant arrives: it does nothing any more', async () => {
  await sandbox.host.drainQueues();
  await sandbox.host.runFunction('refreshTokens');
  await sandbox.host.runFunction('syncIncidents');
  await sandbox.host.drainQueues();
  expect(findPlaces(await readStorage(storage), idOf('Contoso'))).toEqual(['table tenants']);
  const { body } = await operator.call('GET', `/tenants/${idOf('Contoso')}`);
  expect(body).toMatchObject({ status: 'offboarded', tags: [], resources: {} });
});

test('rules lose the tenant, and go when they named nobody else', async () => {
  const { body } = await operator.call('GET', `/callers/${TOOL}`);
  expect(body.rules).toEqual([
    { id: 'both', effect: 'allow', tenants: ['tag:gold'], resources: ['*'] },
  ]);
});

test('the receipt is verified with the published keys and says what was done', async () => {
  await onboard('Fabrikam');
  await playbook.call('POST', `/tenants/${idOf('Fabrikam')}/token`);
  await operator.call('GET', `/tenants/${idOf('Fabrikam')}/apis/defender-xdr/api/incidents`);
  const { body } = await offboard('Fabrikam');
  const { payload, protectedHeader } = await readReceipt(body.receipt);
  expect(payload).toMatchObject({
    tenant_id: idOf('Fabrikam'),
    offboarded_at: body.offboarded_at,
    purged: { tokens: 1, invitations: 1, grant_rules: 0, incidents: 0, api_calls: 1 },
    live_tokens: 1,
    live_tokens_until: body.live_tokens[0].expires_at,
    jwks_uri: `${sandbox.url}/api/.well-known/jwks.json`,
    notice: expect.stringContaining('can not recall'),
  });
  expect(body.live_tokens).toMatchObject([{ caller: PLAYBOOK, resource: 'defender-xdr' }]);
  expect(protectedHeader.kid).toMatch(/^[\w-]{43}$/);
});

test('anybody may read the public keys, and nothing else of them', async () => {
  const response = await fetch(`${sandbox.url}/api/.well-known/jwks.json`);
  const text = { x: expect.any(String), y: expect.any(String), kid: expect.any(String) };
  expect(response.headers.get('cache-control')).toBe('public, max-age=300');
  expect(await response.json()).toEqual({
    keys: [{ kty: 'EC', crv: 'P-256', use: 'sig', alg: 'ES256', ...text }],
  });
});

test('a customer verifies the receipt as the guide says', async () => {
  const { receipt } = (await offboard('Fabrikam')).body;
  const guide = await readFile(join(APP_ROOT, 'docs/onboarding.md'), 'utf8');
  const example = (/```js\n(.*?)```/s.exec(guide)?.[1] ?? '')
    .replaceAll('https://<broker>', sandbox.url)
    .replace('<receipt>', receipt);
  const args = ['--input-type=module', '--eval', example];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: APP_ROOT });
  expect(stdout).toContain(idOf('Fabrikam'));
});

test('a repeat answers the same facts, and the act is in the ledger by hash', async () => {
  const first = (await offboard('Fabrikam')).body;
  const again = (await offboard('Fabrikam')).body;
  const made = { receipt: '', live_tokens_as_of: '', live_tokens_final_at: '' };
  expect({ ...again, ...made }).toEqual({ ...first, ...made });
  expect((await readReceipt(again.receipt)).payload.jti).toBe(
    (await readReceipt(first.receipt)).payload.jti,
  );
  const { body } = await operator.call('GET', `/audit/acts?tenant=${idOf('Fabrikam')}`);
  expect(body.value.at(-1)).toMatchObject({ act: 'tenant.offboard' });
});

test('nothing but a new invitation brings the tenant back', async () => {
  const path = `/tenants/${idOf('Fabrikam')}`;
  const refused = [
    await operator.call('PATCH', path, { status: 'active' }),
    await operator.call('POST', `${path}/verify`),
    await operator.call('POST', `${path}/token`),
    await playbook.call('POST', `${path}/token`),
    await operator.call('PUT', `/callers/${TOOL}`, {
      rules: [{ id: 'a', effect: 'allow', tenants: [idOf('Fabrikam')], resources: ['*'] }],
    }),
    await operator.call('DELETE', '/tenants/00000000-0000-4000-8000-000000000000'),
  ];
  expect(refused.map(({ status }) => status)).toEqual([400, 400, 404, 403, 400, 404]);
  expect(findPlaces(await readStorage(storage), idOf('Fabrikam'))).toEqual(['table tenants']);
});

/** What an admin sees after the sign-in, before Entra asks for the consent. */
async function open(link: string, acceptLanguage: string) {
  const browser = createAdminBrowser({ acceptLanguage });
  await browser.begin(link);
  await browser.chooseAccount(customer('Fabrikam').admin);
  return headingOf(browser);
}

test("an offboarded tenant's admin opens a link: an unpinned one is refused in three languages, one made for the tenant starts it afresh", async () => {
  const { admin, tenant } = customer('Fabrikam');
  const link = await invite({});
  const headings = await Promise.all(['en', 'es', 'it'].map((language) => open(link, language)));
  expect(headings).toEqual([
    'Your organisation’s service has ended',
    'El servicio de su organización ha terminado',
    'Il servizio per la sua organizzazione è terminato',
  ]);
  await consent(await invite({ tenant: tenant.tenantId }), admin);
  const { body } = await operator.call('GET', `/tenants/${tenant.tenantId}`);
  expect(body).toMatchObject({ status: 'active', tags: [] });
  expect(body.offboarded_at).toBeUndefined();
});

test("the receipt's key is missing: the tenant goes all the same, and the answer says who has to act", async () => {
  const environment = await startEnvironment({ RECEIPT_KEY_NAME: 'missing' });
  const { tenantId } = (await environment.onboard('Contoso')).tenant;
  const { status, body } = await environment.operator.call('DELETE', `/tenants/${tenantId}`);
  expect([status, body.status, body.receipt]).toEqual([200, 'offboarded', undefined]);
  expect(body.problem).toEqual({
    description: 'There is no key that signs receipts.',
    owner: 'partner',
    remedy: expect.stringContaining('RECEIPT_KEY_NAME'),
  });
});
