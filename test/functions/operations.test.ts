import { beforeEach, expect, test } from 'vitest';
import { grantConsent } from '../../local/entra/directory/grants.ts';
import { startEnvironment } from './set-up.ts';

const { sandbox, operator, playbook, onboard, customer, logs } = await startEnvironment();
const { tenantId } = customer('Contoso').tenant;
// The customer's token may change incidents: whatever holds it may, too.
const roles = { 'defender-xdr': ['Incident.Read.All', 'Incident.ReadWrite.All'] };
grantConsent(sandbox.partner.directory, {
  tenantId,
  clientId: sandbox.partner.client.clientId,
  roles,
});
await onboard('Contoso');
const incident = sandbox.microsoft.incidents.createIncident(tenantId);
const PLAYBOOK = sandbox.partner.tools.playbook.clientId;
const XDR = `/tenants/${tenantId}/apis/defender-xdr`;
const READ = {
  id: 'read',
  effect: 'allow',
  tenants: ['*'],
  resources: ['defender-xdr'],
  operations: ['GET /api/incidents*'],
};
const ALL = { id: 'all', effect: 'allow', tenants: ['*'], resources: ['*'] };

async function grant(rules: readonly object[], mode = 'enforce') {
  const answer = await operator.call('PUT', `/callers/${PLAYBOOK}`, { mode, rules });
  return answer;
}

const change = (client: typeof playbook) =>
  client.call('PATCH', `${XDR}/api/incidents/${incident.incidentId}`, { status: 'Resolved' });

beforeEach(() => grant([READ]));

test('a rule with operations makes a change impossible that the token would have allowed', async () => {
  const read = await playbook.call('GET', `${XDR}/api/incidents?$top=1`);
  const refused = await change(playbook);
  const token = await playbook.call('POST', `/tenants/${tenantId}/token`);
  expect([read.status, read.body.value.length]).toEqual([200, 1]);
  expect([refused.status, refused.body.error]).toEqual([403, 'access_denied']);
  expect([token.status, token.body.error]).toEqual([403, 'access_denied']);
  expect((await change(operator)).status).toBe(200);
});

test('a rule that denies operations also denies the token, which is good for them', async () => {
  const deny = { ...READ, id: 'no-change', effect: 'deny', operations: ['PATCH /api/incidents*'] };
  await grant([ALL, deny]);
  const read = await playbook.call('GET', `${XDR}/api/incidents?$top=1`);
  const refused = await change(playbook);
  const token = await playbook.call('POST', `/tenants/${tenantId}/token`);
  expect([read.status, refused.status, token.status]).toEqual([200, 403, 403]);
});

test('the OAuth endpoint gives no token to whom only operations are granted', async () => {
  const { clientId, secret } = sandbox.partner.tools.playbook;
  await operator.call('PUT', `/callers/${PLAYBOOK}`, { client_secret: true, rules: [READ] });
  const response = await fetch(`${sandbox.url}/${tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: secret,
    }),
  });
  expect([response.status, await response.json()]).toEqual([
    400,
    expect.objectContaining({ error: 'unauthorized_client' }),
  ]);
});

test.each([
  ['GET /api/incidents/7', true, 'read'],
  ['PATCH /api/incidents/7', false, 'default:deny'],
  ['GET /api/machines', false, 'default:deny'],
])('the simulation says of %s: %s', async (operation, allowed, rule) => {
  const question = { caller: PLAYBOOK, tenant: tenantId, operation };
  const { status, body } = await operator.call('POST', '/policy/simulate', question);
  expect([status, body.allowed, body.rule]).toEqual([200, allowed, rule]);
});

test('the simulation denies the token to whom only operations are granted', async () => {
  const question = { caller: PLAYBOOK, tenant: tenantId };
  const { body } = await operator.call('POST', '/policy/simulate', question);
  expect([body.allowed, body.rule]).toEqual([false, 'default:deny']);
});

test('in audit mode a call that no operation allows is made, and said', async () => {
  await grant([READ], 'audit');
  const { status } = await change(playbook);
  const said = logs.filter(({ message }) => message.includes('"policy.would_deny"'));
  expect(status).toBe(200);
  expect(JSON.parse(said.at(-1)?.message ?? '{}')).toMatchObject({
    caller: PLAYBOOK,
    tenant: tenantId,
    resource: 'defender-xdr',
    method: 'PATCH',
    rule: 'default:deny',
  });
});

test.each([
  ['operations of everything', { resources: ['*'] }],
  ['operations of what is kept here', { resources: ['incidents'] }],
  ['no operation', { operations: [] }],
  ['too many operations', { operations: Array.from({ length: 51 }, (_, i) => `GET /x/${i}`) }],
  ['a method that is none', { operations: ['HEAD /api/incidents'] }],
  ['a star within a segment', { operations: ['GET /api/inc*dents'] }],
  ['a path that climbs', { operations: ['GET /api/../x'] }],
])('%s are refused', async (_, changes) => {
  const { status, body } = await grant([{ ...READ, ...changes }]);
  expect([status, body.error, body.owner]).toEqual([400, 'invalid_request', 'caller']);
  expect(body.error_description).toContain('The rule read');
});

test('a question about a call that is none is refused', async () => {
  const question = { caller: PLAYBOOK, tenant: tenantId, operation: 'GET /api/*' };
  const { status, body } = await operator.call('POST', '/policy/simulate', question);
  expect([status, body.error]).toEqual([400, 'invalid_request']);
});
