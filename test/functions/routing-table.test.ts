import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ROUTES } from '../../functions/routes.ts';
import { startFunctionsHost } from '../../local/host/functions-host.ts';
import { APP_ROOT } from '../../local/sandbox/sandbox.ts';
import { findOverlaps } from './route-overlaps.ts';

/** What the platform itself needs. */
const MINIMUM = {
  TOKEN_REFRESH_SCHEDULE: '0 */5 * * * *',
  INCIDENT_SYNC_SCHEDULE: '0 * * * * *',
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
};

async function startWith(settings: Record<string, string>) {
  return await startFunctionsHost({ appRoot: APP_ROOT, settings, timers: false });
}

test('the routing table is this one', async () => {
  const host = await startWith(MINIMUM);
  const rows = host.functions.map(({ name, ...rest }) => {
    const target = 'route' in rest ? `${rest.methods} ${rest.route} ${rest.authLevel}` : undefined;
    const schedule = 'schedule' in rest ? `timer ${rest.schedule}` : undefined;
    return `${name}: ${target ?? schedule ?? `queue ${'queueName' in rest ? rest.queueName : ''}`}`;
  });
  await host.stop();
  expect(rows).toEqual([
    'createInvitation: POST api/invitations anonymous',
    'createInvitations: POST api/invitations/batch anonymous',
    'listInvitations: GET api/invitations anonymous',
    'revokeInvitation: DELETE api/invitations/{invitation_id} anonymous',
    'approveInvitation: POST api/invitations/{invitation_id}/approve anonymous',
    'getOverview: GET api/overview anonymous',
    'listTenants: GET api/tenants anonymous',
    'getTenant: GET api/tenants/{tenant} anonymous',
    'patchTenant: PATCH api/tenants/{tenant} anonymous',
    'verifyTenant: POST api/tenants/{tenant}/verify anonymous',
    'offboardTenant: DELETE api/tenants/{tenant} anonymous',
    'issueToken: POST api/tenants/{tenant}/token anonymous',
    'validateToken: POST api/tokens/validate anonymous',
    'listIncidents: GET api/incidents anonymous',
    'listIncidentChanges: GET api/incidents/changes anonymous',
    'getIncident: GET api/tenants/{tenant}/incidents/{id} anonymous',
    'patchIncident: PATCH api/tenants/{tenant}/incidents/{id} anonymous',
    'createHunt: POST api/hunts anonymous',
    'listHunts: GET api/hunts anonymous',
    'getHunt: GET api/hunts/{hunt_id} anonymous',
    'getHuntResults: GET api/hunts/{hunt_id}/results anonymous',
    'cancelHunt: POST api/hunts/{hunt_id}/cancel anonymous',
    'deleteHunt: DELETE api/hunts/{hunt_id} anonymous',
    'huntTenant: POST api/tenants/{tenant}/hunt anonymous',
    'listQueries: GET api/queries anonymous',
    'getQuery: GET api/queries/{name} anonymous',
    'putQuery: PUT api/queries/{name} anonymous',
    'deleteQuery: DELETE api/queries/{name} anonymous',
    'createSubscription: POST api/subscriptions anonymous',
    'listSubscriptions: GET api/subscriptions anonymous',
    'getSubscription: GET api/subscriptions/{subscription_id} anonymous',
    'patchSubscription: PATCH api/subscriptions/{subscription_id} anonymous',
    'replaySubscription: POST api/subscriptions/{subscription_id}/replay anonymous',
    'rotateSecret: POST api/subscriptions/{subscription_id}/rotate-secret anonymous',
    'testSubscription: POST api/subscriptions/{subscription_id}/test anonymous',
    'deleteSubscription: DELETE api/subscriptions/{subscription_id} anonymous',
    'listCallers: GET api/callers anonymous',
    'getCaller: GET api/callers/{client_id} anonymous',
    'putCaller: PUT api/callers/{client_id} anonymous',
    'deleteCaller: DELETE api/callers/{client_id} anonymous',
    'simulatePolicy: POST api/policy/simulate anonymous',
    'listIssuances: GET api/audit/tokens anonymous',
    'listActs: GET api/audit/acts anonymous',
    'checkIntegrity: POST api/integrity/check anonymous',
    'acceptRows: POST api/integrity/accept anonymous',
    'showInvitation: GET,HEAD api/consent/start anonymous',
    'startConsent: POST api/consent/start anonymous',
    'consentCallback: GET api/consent/callback anonymous',
    'consentStatus: GET api/consent/status anonymous',
    'callApiGet: GET api/tenants/{tenant}/apis/{resource}/{*path} anonymous',
    'callApiPost: POST api/tenants/{tenant}/apis/{resource}/{*path} anonymous',
    'callApiPut: PUT api/tenants/{tenant}/apis/{resource}/{*path} anonymous',
    'callApiPatch: PATCH api/tenants/{tenant}/apis/{resource}/{*path} anonymous',
    'callApiDelete: DELETE api/tenants/{tenant}/apis/{resource}/{*path} anonymous',
    'standardToken: POST {tenant}/oauth2/v2.0/token anonymous',
    'standardTokenV1: POST {tenant}/oauth2/token anonymous',
    'openIdMetadata: GET,HEAD {tenant}/v2.0/.well-known/openid-configuration anonymous',
    'openIdMetadataV1: GET,HEAD {tenant}/.well-known/openid-configuration anonymous',
    'openIdKeys: GET,HEAD {tenant}/discovery/v2.0/keys anonymous',
    'standardAuthorize: GET {tenant}/oauth2/v2.0/authorize anonymous',
    'health: GET,HEAD api/health anonymous',
    'receiptKeys: GET,HEAD api/.well-known/jwks.json anonymous',
    'openApi: GET,HEAD api/openapi.json anonymous',
    'callMcp: POST api/mcp anonymous',
    'listenMcp: GET,HEAD api/mcp anonymous',
    'endMcp: DELETE api/mcp anonymous',
    'protectedResource: GET,HEAD .well-known/oauth-protected-resource anonymous',
    'protectedResourceMcp: GET,HEAD .well-known/oauth-protected-resource/api/mcp anonymous',
    'consolePage: GET,HEAD / anonymous',
    'consoleAsset: GET,HEAD assets/{file} anonymous',
    'startSignIn: GET auth/sign-in anonymous',
    'completeSignIn: GET auth/callback anonymous',
    'signOut: POST auth/sign-out anonymous',
    'getSession: GET auth/me anonymous',
    'refreshTokens: timer 0 */5 * * * *',
    'syncIncidents: timer 0 * * * * *',
    'dispatchWebhooks: timer */30 * * * * *',
    'dispatchHunts: timer 20 * * * * *',
    'sweepExpired: timer 0 17 3 * * *',
    'refreshBatch: queue token-refresh',
    'verifyConsent: queue consent-verification',
    'syncTenant: queue incident-sync',
    'deliverWebhooks: queue webhook-delivery',
    'huntOne: queue hunt-tenants',
  ]);
});

test('no address leads to two functions with one method, and nothing catches all but the proxy', async () => {
  const host = await startWith(MINIMUM);
  const table = host.functions.flatMap(({ name, route, methods }) =>
    route !== undefined && methods ? [{ name, route, methods }] : [],
  );
  await host.stop();
  expect(table).toHaveLength(ROUTES.length);
  expect(findOverlaps(table)).toEqual([]);
});

/** Open routes that belong to a browser's flow: a HEAD of them would act, or means nothing. */
const BROWSER_FLOWS = ['standardAuthorize', 'startSignIn', 'completeSignIn', 'getSession'];

/** Not for anybody: it needs a token. */
const PROTECTED = ['callApiGet'];

test('what anybody may read answers HEAD, which the host does only where it is declared', async () => {
  const host = await startWith(MINIMUM);
  const takesHead = host.functions.filter(({ methods }) => methods?.includes('HEAD'));
  const description = await fetch(`${host.url}/api/openapi.json`, { method: 'HEAD' });
  await host.stop();
  const readable = ROUTES.filter(
    ({ kind, id, method }) => id === 'showInvitation' || (kind === 'open' && method === 'GET'),
  )
    .map(({ id }) => id)
    .filter((id) => ![...BROWSER_FLOWS, ...PROTECTED].includes(id));
  expect(takesHead.map(({ name }) => name)).toEqual(readable);
  expect([description.status, await description.text()]).toEqual([200, '']);
});

test('an app without settings starts far enough to say what is missing', async () => {
  const host = await startWith(MINIMUM);
  const health = await fetch(`${host.url}/api/health`);
  const tenants = await fetch(`${host.url}/api/tenants`);
  const page = await fetch(`${host.url}/api/consent/callback`);
  await host.stop();
  expect([health.status, await health.json()]).toEqual([
    503,
    { status: 'down', problems: expect.arrayContaining(['PARTNER_CLIENT_ID is missing.']) },
  ]);
  expect([tenants.status, await tenants.json()]).toEqual([
    500,
    expect.objectContaining({
      error: 'server_error',
      owner: 'partner',
      problems: expect.any(Array),
    }),
  ]);
  expect(page.status).toBe(503);
});

test('the app starts from the sample of its settings', async () => {
  const sample = JSON.parse(await readFile(`${APP_ROOT}/local.settings.sample.json`, 'utf8'));
  const host = await startWith(sample.Values);
  const health = await fetch(`${host.url}/api/health`);
  await host.stop();
  expect([health.status, await health.json()]).toEqual([200, { status: 'up' }]);
});
