import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { EXAMPLE_CALLER, EXAMPLE_INCIDENT, EXAMPLE_QUERY_NAME } from '../../functions/examples.ts';
import type { ApiRoute, Route } from '../../functions/route.ts';
import { ROUTES } from '../../functions/routes.ts';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { ANSWERS, type AnswerName } from '../../local/openapi/answers.ts';
import { toRoutesText } from '../../local/openapi/routes-page.ts';
import { toClientText, toOpenApiText } from '../../local/openapi/write.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, customer, forgeConsent } = await startEnvironment();
const { tenantId } = customer('Contoso').tenant;
const roles = {
  'defender-xdr': ['Incident.ReadWrite.All'],
  graph: ['SecurityIncident.ReadWrite.All'],
};
const { clientId } = sandbox.partner.client;
grantConsent(sandbox.partner.directory, { tenantId, clientId, roles });
sandbox.microsoft.incidents.createIncident(tenantId);
await onboard('Contoso');
await onboard('Litware');
await operator.call('PATCH', `/tenants/${tenantId}/incidents/${EXAMPLE_INCIDENT}`, { tags: [] });
const allowAll = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };
await operator.call('PUT', `/callers/${EXAMPLE_CALLER}`, { rules: [allowAll] });
const receiver = { url: 'http://127.0.0.1:9000/' };
await operator.call('PATCH', `/tenants/${tenantId}`, { tags: ['gold'] });
const hunt = (await operator.call('POST', '/hunts', { query: 'DeviceInfo | count' })).body;
await sandbox.host.drainQueues();
const saved = { query: 'DeviceInfo | count' };
await operator.call('PUT', `/queries/${EXAMPLE_QUERY_NAME}`, saved);
const subscription = (await operator.call('POST', '/subscriptions', receiver)).body;
const withdrawn = (await operator.call('POST', '/invitations', {})).body.invitation_id;
const waiting = await letSomebodyWait();
const committed = await readFile(`${APP_ROOT}/docs/openapi.json`, 'utf8');
const description = JSON.parse(committed);

/** An open invitation that a person without a consenting role accepted. */
async function letSomebodyWait(): Promise<string> {
  const { body } = await operator.call('POST', '/invitations', {});
  await forgeConsent(body.consent_url, customer('Contoso').user);
  return body.invitation_id;
}

const API_ROUTES = ROUTES.filter((route): route is ApiRoute => route.kind === 'api');
const TOOL_ROUTES = ROUTES.filter(
  (route) => route.kind === 'api' || (route.kind === 'open' && route.tag === 'api'),
);

/** Every request that the description shows, or the bare route where it shows none. */
const REQUESTS = TOOL_ROUTES.flatMap((operation) => {
  const shown = operation.kind === 'api' ? operation.examples : undefined;
  const examples = Object.entries(shown ?? { bare: { value: undefined } });
  return examples.map(([name, { value }]) => ({
    name: `${operation.id}: ${name}`,
    operation,
    value,
  }));
});

/** Where a test's client, which speaks to `/api`, finds the example of a route. */
function toPath(route: Route): readonly [method: string, path: string] {
  const { query, tenant = 'contoso.example' } = (route.kind === 'api' && route.sample) || {};
  const filled = route.path
    .replace(/^api\//, '')
    .replace('{tenant}', tenant)
    .replace('{id}', EXAMPLE_INCIDENT)
    .replace('{subscription_id}', subscription.subscription_id)
    .replace('{invitation_id}', route.id === 'revokeInvitation' ? withdrawn : waiting)
    .replace('{hunt_id}', hunt.hunt_id)
    .replace('{name}', EXAMPLE_QUERY_NAME)
    .replace('{client_id}', EXAMPLE_CALLER);
  return [route.method, query ? `/${filled}?${query}` : `/${filled}`];
}

function toDocumented({ path, method }: Route) {
  return description.paths[path === '/' ? path : `/${path}`][method.toLowerCase()];
}

/** What keeps an answer from being the documented one. */
function findDifferences(operation: Route, status: number, body: unknown) {
  const response = toDocumented(operation).responses[status];
  if (!response) return [`The status ${status} is not documented.`];
  const { $ref } = response.content?.['application/json'].schema ?? {};
  const name: AnswerName | undefined = $ref?.replace('#/components/schemas/', '');
  if (!name) return [];
  const { issues = [] } = v.safeParse<v.GenericSchema>(ANSWERS[name], body);
  return issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
}

test('the committed description is the one that the schemas make: npm run openapi', () => {
  expect(committed).toBe(toOpenApiText());
});

test('the types of the client are made of it: npm run openapi', async () => {
  expect(await readFile(`${APP_ROOT}/docs/client/broker-api.ts`, 'utf8')).toBe(toClientText());
  expect(await readFile(`${APP_ROOT}/docs/routes.md`, 'utf8')).toBe(toRoutesText());
});

test('the client is written for people: no line is longer than 100 columns', async () => {
  const lines = (await readFile(`${APP_ROOT}/docs/client/broker-api.ts`, 'utf8')).split('\n');
  expect(lines.filter((line) => line.length > 100 || line.endsWith(' '))).toEqual([]);
});

test('Redocly finds no error in it', async () => {
  const cli = `${APP_ROOT}/node_modules/@redocly/cli/bin/cli.js`;
  const env = {
    ...process.env,
    REDOCLY_TELEMETRY: 'off',
    REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true',
  };
  const lint = promisify(execFile)(process.execPath, [cli, 'lint', 'docs/openapi.json'], {
    cwd: APP_ROOT,
    env,
  });
  await expect(lint).resolves.toMatchObject({ stderr: expect.stringContaining('is valid') });
});

test('it is served as it is committed', async () => {
  const { status, headers, body } = await playbook.call('GET', '/openapi.json');
  expect([status, headers.get('content-type')]).toEqual([200, 'application/json']);
  expect(body).toEqual(description);
});

test('it has every route, and no other', () => {
  const documented = ROUTES.map(({ id, method, path }) => `${id}: ${method} ${path}`);
  const routes = sandbox.host.functions.flatMap((fn) =>
    'route' in fn ? [`${fn.name}: ${fn.methods?.[0]} ${fn.route}`] : [],
  );
  expect(documented.toSorted()).toEqual(routes.toSorted());
});

test('every route says in a sentence what it does', () => {
  const silent = ROUTES.filter(({ summary }) => !/^\p{Lu}.{8,}[.?]$/u.test(summary));
  expect(silent.map(({ id }) => id)).toEqual([]);
});

test('every reference in it leads somewhere', () => {
  const references = [...committed.matchAll(/"\$ref": "#\/components\/(\w+)\/(\w+)"/g)];
  const lost = references.filter(([, kind = '', name = '']) => !description.components[kind][name]);
  expect(references.length).toBeGreaterThan(50);
  expect(lost).toEqual([]);
});

test.each(REQUESTS)('its example is answered as documented: $name', async (request) => {
  const { operation, value } = request;
  const { status, body } = await operator.call(...toPath(operation), value);
  expect(Object.keys(toDocumented(operation).responses)).toContain(String(status));
  expect(status).toBeLessThan(300);
  expect(findDifferences(operation, status, body)).toEqual([]);
});

test.each(REQUESTS.filter(({ operation }) => operation.kind === 'api' && operation.forms))(
  'its example is answered as documented when it is a form: $name',
  async ({ operation, value }) => {
    const token = await fetch(`${sandbox.microsoft.url}/sandbox/token/playbook`);
    const [method, path] = toPath(operation);
    const response = await fetch(`${sandbox.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${await token.text()}` },
      body: new URLSearchParams(Object.entries(value ?? {}).map(([key, of]) => [key, `${of}`])),
    });
    expect(findDifferences(operation, response.status, await response.json())).toEqual([]);
  },
);

test.each(API_ROUTES)('$id refuses a caller without a token as documented', async (operation) => {
  const [method, path] = toPath(operation);
  const response = await fetch(`${sandbox.url}/api${path}`, { method });
  expect(response.status).toBe(401);
  expect(findDifferences(operation, 401, await response.json())).toEqual([]);
});

/** The playbook's own roles. */
const HELD = ['Tokens.Issue', 'Incidents.Read'];

test.each(API_ROUTES.filter(({ role }) => !HELD.includes(role)))(
  '$id refuses a caller without $role as documented',
  async (operation) => {
    const { status, body } = await playbook.call(...toPath(operation));
    expect([status, body.error]).toEqual([403, 'insufficient_scope']);
    expect(findDifferences(operation, status, body)).toEqual([]);
    expect(toDocumented(operation).security).toEqual([{ callerToken: [operation.role] }]);
  },
);

test.each([
  ['issueToken', '/tenants/contoso.example/token', { min_ttl: -1 }],
  ['issueToken', '/tenants/contoso.example/token', { resource: 'mail' }],
  ['issueToken', '/tenants/nobody.example/token', {}],
  ['issueToken', '/tenants/contoso.example/token', { resource: 'defender-endpoint' }],
  ['createInvitation', '/invitations', { flow: 'implicit' }],
  ['verifyTenant', '/tenants/fabrikam.example/verify', undefined],
])('%s %s %j is refused as documented', async (id, path, value) => {
  const operation = ROUTES.find((known) => known.id === id);
  const { status, body } = await operator.call('POST', path, value);
  expect(status).toBeGreaterThanOrEqual(400);
  expect(operation && findDifferences(operation, status, body)).toEqual([]);
});

test.each(ROUTES.filter(({ kind }) => kind === 'page'))(
  '$id answers a browser with a page',
  async (operation) => {
    const [method, path] = toPath(operation);
    const response = await fetch(`${sandbox.url}/api${path}`, { method, redirect: 'manual' });
    const statuses = Object.keys(toDocumented(operation).responses);
    expect(statuses).toContain(response.ok ? '200' : `${Math.floor(response.status / 100)}XX`);
    expect(response.headers.get('content-type')).toContain('text/html');
  },
);
