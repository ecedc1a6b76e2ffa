import { expect, test } from 'vitest';
import { ROUTES } from '../../functions/routes.ts';
import { createAdminBrowser } from '../../local/entra/admin-browser.ts';
import { createBrokerClient, getCallerToken } from '../../local/sandbox/client.ts';
import { addTool, operatorIdOf } from '../../local/sandbox/partner.ts';
import { APP_ROLES } from '../../shared/callers/caller.ts';
import { expectWithin } from '../support/expect-within.ts';
import { ALL } from './oauth-environment.ts';
import { startOtherProcess } from './other-process.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, onboard } = await startEnvironment();
const { partner, microsoft, settings } = sandbox;
const { directory, api } = partner;
const WHERE = {
  brokerUrl: sandbox.url,
  entraUrl: microsoft.url,
  homeTenantId: directory.homeTenantId,
  audience: settings.API_AUDIENCE ?? '',
};

/** A tool that holds every app role and every grant, and shows its secret. */
async function addAdministrator() {
  const tool = addTool(directory, {
    name: `administrator ${Math.random()}`,
    api,
    roles: APP_ROLES,
  });
  await operator.call('PUT', `/callers/${tool.clientId}`, { rules: ALL, client_secret: true });
  const token = await getCallerToken({ ...WHERE, tool });
  const client = await createBrokerClient({ ...WHERE, tool });
  const setBlocked = (blocked: boolean) =>
    operator.call('PUT', `/callers/${tool.clientId}`, { blocked });
  return { tool, token, client, setBlocked };
}

const blocked = await addAdministrator();
await blocked.setBlocked(true);

const PROTECTED = ROUTES.filter(
  ({ kind, id }) =>
    kind === 'api' || id === 'callMcp' || id === 'health' || id.startsWith('callApi'),
);

test.each(PROTECTED.map(({ method, path }) => [method, path]))(
  '%s %s is refused to an administrator who is blocked',
  async (method, path) => {
    const filled = path
      .replace('{resource}', 'graph')
      .replace('{*path}', 'v1.0/organization')
      .replaceAll(/\{\w+\}/g, partner.tools.operator.clientId);
    const headers = { authorization: `Bearer ${blocked.token}` };
    const response = await fetch(`${sandbox.url}/${filled}`, { method, headers });
    expect([response.status, await response.json()]).toEqual([
      403,
      expect.objectContaining({ error: 'caller_blocked', owner: 'partner' }),
    ]);
  },
);

test('the OAuth endpoint refuses a blocked client with its secret, in its own words', async () => {
  const { tenantId } = (await onboard('Contoso')).tenant;
  const { tool, setBlocked } = await addAdministrator();
  const post = async () => {
    const response = await fetch(`${sandbox.url}/${tenantId}/oauth2/v2.0/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: tool.clientId,
        client_secret: tool.secret,
        scope: 'https://api.security.microsoft.com/.default',
      }),
    });
    return [response.status, (await response.json()).error_codes?.[0]];
  };
  expect(await post()).toEqual([200, undefined]);
  await setBlocked(true);
  expect(await post()).toEqual([400, 7000112]);
});

test('a session of the console ends, and no new one begins', async () => {
  const signIn = async () => {
    const browser = createAdminBrowser();
    await browser.open(`${sandbox.url}/auth/sign-in`);
    await browser.chooseAccount('Olivia');
    return browser;
  };
  const cookie = (await signIn()).cookies(sandbox.url);
  await operator.call('PUT', `/callers/${operatorIdOf('Olivia')}`, { blocked: true });
  const headers = { cookie, 'x-requested-with': 'console' };
  const answers = await Promise.all(
    ['/auth/me', '/api/tenants'].map((path) => fetch(`${sandbox.url}${path}`, { headers })),
  );
  expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  expect((await signIn()).url).toBe(`${sandbox.url}/#/signed-out/blocked`);
});

test('an operator blocks a caller: another process refuses it within five seconds, and lets it in again', async () => {
  const { token, setBlocked } = await addAdministrator();
  const other = await startOtherProcess(settings);
  const ask = async () => {
    const headers = { authorization: `Bearer ${token}` };
    return (await fetch(`${other}/api/tenants`, { headers })).status;
  };
  expect(await ask()).toBe(200);
  await setBlocked(true);
  await expectWithin(5000, ask, 403);
  await setBlocked(false);
  await expectWithin(5000, ask, 200);
});

test('a block keeps the rules, and neither new rules nor their end lift it', async () => {
  const { tool, client, setBlocked } = await addAdministrator();
  const path = `/callers/${tool.clientId}`;
  const first = await setBlocked(true);
  expect(first.body).toMatchObject({ blocked: true, client_secret: true, rules: ALL });
  const replaced = await operator.call('PUT', path, { rules: [{ ...ALL[0], id: 'other' }] });
  expect(replaced.body).toMatchObject({ blocked: true, rules: [{ id: 'other' }] });
  await operator.call('DELETE', path);
  expect((await operator.call('GET', path)).body).toMatchObject({ blocked: true, rules: [] });
  expect((await client.call('GET', '/tenants')).status).toBe(403);
  await setBlocked(false);
  expect((await client.call('GET', '/tenants')).status).toBe(200);
});

test('an operator would block itself: refused, so that somebody is left to undo it', async () => {
  const path = `/callers/${partner.tools.operator.clientId.toUpperCase()}`;
  const { status, body } = await operator.call('PUT', path, { blocked: true });
  expect([status, body.error]).toEqual([400, 'invalid_request']);
  expect((await operator.call('GET', '/tenants')).status).toBe(200);
});

test.each([
  ['nothing', {}],
  ['rules of a kind, but none', { mode: 'audit' }],
  ['a block with half of the grants', { blocked: true, mode: 'audit' }],
  ['something else than a boolean', { blocked: 'true' }],
  ['a host with a path', { rules: ALL, webhook_hosts: ['hook.example.com/x'] }],
  ['a wildcard of a whole domain', { rules: ALL, webhook_hosts: ['*.com'] }],
])('%s is not understood', async (_, body) => {
  const { status } = await operator.call('PUT', `/callers/${blocked.tool.clientId}`, body);
  expect(status).toBe(400);
});

test('who is unknown is not unblocked, and may be blocked before it comes', async () => {
  const path = '/callers/7d0c2e8e-55a4-4c6b-9f6a-0e6a2f1d9b11';
  expect((await operator.call('PUT', path, { blocked: false })).status).toBe(404);
  const made = await operator.call('PUT', path, { blocked: true });
  expect([made.status, made.body.rules]).toEqual([201, []]);
});

test('the ledger names who blocked whom', async () => {
  const { tool, setBlocked } = await addAdministrator();
  await setBlocked(true);
  await setBlocked(false);
  const { body } = await operator.call('GET', '/audit/acts');
  const acts = body.value.filter(({ subject }: { subject: string }) => subject === tool.clientId);
  expect(acts.map(({ act }: { act: string }) => act).sort()).toEqual([
    'caller.block',
    'caller.unblock',
    'grants.put',
  ]);
});
