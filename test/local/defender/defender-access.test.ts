import { expect, test } from 'vitest';
import { CONTOSO, FABRIKAM, NOW, setUp, toEnvelope } from './set-up.ts';

const INCIDENTS = '/api/incidents';
const READ = ['Incident.Read.All'];
const WRITE = ['Incident.ReadWrite.All'];
const AUDIENCE = 'https://api.security.microsoft.com';

const right = { aud: AUDIENCE, tid: CONTOSO, roles: READ };

test.each([
  { name: 'a token without the trailing slash', claims: right, status: 200 },
  {
    name: 'a token with a trailing slash',
    claims: { ...right, aud: `${AUDIENCE}/` },
    status: 200,
  },
  { name: 'the stronger role', claims: { ...right, roles: WRITE }, status: 200 },
  { name: 'an expired token', claims: { ...right, exp: NOW / 1000 - 1 }, status: 401 },
  {
    name: 'a token for Defender for Endpoint',
    claims: { ...right, aud: 'https://api.securitycenter.microsoft.com' },
    status: 401,
  },
  { name: 'a token without a tenant', claims: { aud: AUDIENCE, roles: READ }, status: 401 },
  { name: 'a token without roles', claims: { aud: AUDIENCE, tid: CONTOSO }, status: 403 },
  {
    name: 'a token with another role',
    claims: { ...right, roles: ['AdvancedHunting.Read.All'] },
    status: 403,
  },
])('$name is answered with $status', async ({ claims, status }) => {
  const { defender, issue } = await setUp();
  const headers = { authorization: `Bearer ${await issue(claims)}` };

  const response = await defender.handle(new Request(`http://x${INCIDENTS}`, { headers }));

  expect(response.status).toBe(status);
});

test.each([
  { name: 'no header', headers: {} },
  { name: 'a token that somebody else signed', headers: { authorization: 'Bearer a.b.c' } },
])('$name is unauthorized, in the error envelope', async ({ headers }) => {
  const { defender } = await setUp();

  const response = await defender.handle(new Request(`http://x${INCIDENTS}`, { headers }));

  expect(response.status).toBe(401);
  expect(await response.json()).toEqual(toEnvelope('Unauthorized'));
});

test('a missing role is named beside those that were granted', async () => {
  const { asDefender } = await setUp();

  const { body } = await asDefender(['AdvancedHunting.Read.All'])(INCIDENTS);

  expect(body).toEqual(
    toEnvelope(
      'Forbidden',
      'Missing application roles. API required roles: Incident.Read.All,Incident.ReadWrite.All, application roles: AdvancedHunting.Read.All.',
    ),
  );
});

test('each tenant sees its own incidents though the ids collide, an unknown one sees none', async () => {
  const { incidents, asDefender } = await setUp();
  const ours = incidents.createIncident(CONTOSO);
  const theirs = incidents.createIncident(FABRIKAM);

  const [contoso, fabrikam, stranger] = await Promise.all(
    [CONTOSO, FABRIKAM, 'unknown'].map((tid) => asDefender(READ, tid)(INCIDENTS)),
  );

  expect(ours.incidentId).toBe(theirs.incidentId);
  expect(contoso?.body.value).toEqual([ours]);
  expect(fabrikam?.body.value).toEqual([theirs]);
  expect(stranger?.body).toEqual({
    '@odata.context': `${AUDIENCE}/api/$metadata#Incidents`,
    value: [],
  });
});
