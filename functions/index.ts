import { app, type HttpHandler, type HttpMethod } from '@azure/functions';
import type { AppRole } from '../shared/callers/caller.ts';
import { readConfig } from '../shared/config.ts';
import { createMeter } from '../shared/telemetry/meter.ts';
import { type ApiHandle, withApi } from './api.ts';
import { listActs } from './audit/list-acts.ts';
import { listIssuances } from './audit/list-issuances.ts';
import { deleteCaller } from './callers/delete-caller.ts';
import { getCaller } from './callers/get-caller.ts';
import { listCallers } from './callers/list-callers.ts';
import { putCaller } from './callers/put-caller.ts';
import { simulatePolicy } from './callers/simulate-policy.ts';
import { compose } from './compose/compose.ts';
import { type BrowserHandle, withPages } from './consent/browser.ts';
import { consentCallback } from './consent/consent-callback.ts';
import { consentStatus } from './consent/consent-status.ts';
import { createInvitation } from './consent/create-invitation.ts';
import { startConsent } from './consent/start-consent.ts';
import { verifyConsent } from './consent/verify-consent.ts';
import { createHealth } from './health.ts';
import { getIncident } from './incidents/get-incident.ts';
import { listIncidentChanges } from './incidents/list-changes.ts';
import { listIncidents } from './incidents/list-incidents.ts';
import { patchIncident } from './incidents/patch-incident.ts';
import { syncIncidents, syncTenant } from './incidents/sync-incidents.ts';
import { createInvocationLog } from './log.ts';
import { createObserve } from './observe.ts';
import { openApi } from './openapi.ts';
import { DELIVERY_QUEUE, REFRESH_QUEUE, SYNC_QUEUE, VERIFICATION_QUEUE } from './queues.ts';
import type { Services } from './services.ts';
import { createSubscription } from './subscriptions/create-subscription.ts';
import { deleteSubscription } from './subscriptions/delete-subscription.ts';
import { DISPATCH_SCHEDULE, deliverWebhooks, dispatchWebhooks } from './subscriptions/deliver.ts';
import { getSubscription, listSubscriptions } from './subscriptions/list-subscriptions.ts';
import { patchSubscription } from './subscriptions/patch-subscription.ts';
import { replaySubscription } from './subscriptions/replay-subscription.ts';
import { rotateSecret } from './subscriptions/rotate-secret.ts';
import { testSubscription } from './subscriptions/test-subscription.ts';
import { SWEEP_SCHEDULE, sweepExpired } from './sweep-expired.ts';
import { getTenant } from './tenants/get-tenant.ts';
import { listTenants } from './tenants/list-tenants.ts';
import { offboardTenant } from './tenants/offboard-tenant.ts';
import { patchTenant } from './tenants/patch-tenant.ts';
import { createGetReceiptKeys } from './tenants/receipt-keys.ts';
import { verifyTenant } from './tenants/verify-tenant.ts';
import { issueToken } from './tokens/issue-token.ts';
import { refreshBatch, refreshTokens } from './tokens/refresh-tokens.ts';
import { validateToken } from './tokens/validate-token.ts';

const SUBSCRIPTION = 'api/subscriptions/{subscription_id}';

const log = createInvocationLog();
const meter = createMeter();
const observe = createObserve({
  log,
  meter,
  now: Date.now,
  findExporter: () => services?.exporter,
});

let services: Services | undefined;
const getServices = (): Services => {
  services ??= compose(readConfig(process.env), { log, metrics: meter });
  return services;
};

api('createInvitation', 'POST api/invitations', 'Tenants.Manage', createInvitation);
api('listTenants', 'GET api/tenants', 'Tenants.Read', listTenants);
api('getTenant', 'GET api/tenants/{tenant}', 'Tenants.Read', getTenant);
api('patchTenant', 'PATCH api/tenants/{tenant}', 'Tenants.Manage', patchTenant);
api('verifyTenant', 'POST api/tenants/{tenant}/verify', 'Tenants.Manage', verifyTenant);
api('offboardTenant', 'DELETE api/tenants/{tenant}', 'Tenants.Manage', offboardTenant);
api('issueToken', 'POST api/tenants/{tenant}/token', 'Tokens.Issue', issueToken);
api('validateToken', 'POST api/tokens/validate', 'Tokens.Issue', validateToken);

api('listIncidents', 'GET api/incidents', 'Incidents.Read', listIncidents);
api('listIncidentChanges', 'GET api/incidents/changes', 'Incidents.Read', listIncidentChanges);
api('getIncident', 'GET api/tenants/{tenant}/incidents/{id}', 'Incidents.Read', getIncident);
api('patchIncident', 'PATCH api/tenants/{tenant}/incidents/{id}', 'Incidents.Write', patchIncident);

api('createSubscription', 'POST api/subscriptions', 'Incidents.Read', createSubscription);
api('listSubscriptions', 'GET api/subscriptions', 'Incidents.Read', listSubscriptions);
api('getSubscription', `GET ${SUBSCRIPTION}`, 'Incidents.Read', getSubscription);
api('patchSubscription', `PATCH ${SUBSCRIPTION}`, 'Incidents.Read', patchSubscription);
api('deleteSubscription', `DELETE ${SUBSCRIPTION}`, 'Incidents.Read', deleteSubscription);
api('replaySubscription', `POST ${SUBSCRIPTION}/replay`, 'Incidents.Read', replaySubscription);
api('rotateSecret', `POST ${SUBSCRIPTION}/rotate-secret`, 'Incidents.Read', rotateSecret);
api('testSubscription', `POST ${SUBSCRIPTION}/test`, 'Incidents.Read', testSubscription);

api('listCallers', 'GET api/callers', 'Policy.Manage', listCallers);
api('getCaller', 'GET api/callers/{client_id}', 'Policy.Manage', getCaller);
api('putCaller', 'PUT api/callers/{client_id}', 'Policy.Manage', putCaller);
api('deleteCaller', 'DELETE api/callers/{client_id}', 'Policy.Manage', deleteCaller);
api('simulatePolicy', 'POST api/policy/simulate', 'Policy.Manage', simulatePolicy);
api('listIssuances', 'GET api/audit/tokens', 'Audit.Read', listIssuances);
api('listActs', 'GET api/audit/acts', 'Audit.Read', listActs);

page('startConsent', 'GET api/consent/start/{invitation}', startConsent);
page('consentCallback', 'GET api/consent/callback', consentCallback);
page('consentStatus', 'GET api/consent/status', consentStatus);

http('health', 'GET api/health', createHealth({ getServices, log }));
http('receiptKeys', 'GET api/.well-known/jwks.json', createGetReceiptKeys({ getServices, log }));
http('openApi', 'GET api/openapi.json', openApi);

timer('refreshTokens', '%TOKEN_REFRESH_SCHEDULE%', refreshTokens);
timer('syncIncidents', '%INCIDENT_SYNC_SCHEDULE%', syncIncidents);
timer('dispatchWebhooks', DISPATCH_SCHEDULE, dispatchWebhooks);
timer('sweepExpired', SWEEP_SCHEDULE, sweepExpired);
queue('refreshBatch', REFRESH_QUEUE, refreshBatch);
queue('verifyConsent', VERIFICATION_QUEUE, verifyConsent);
queue('syncTenant', SYNC_QUEUE, syncTenant);
queue('deliverWebhooks', DELIVERY_QUEUE, deliverWebhooks);

app.hook.appStart(warmUp);
app.hook.appTerminate(observe.flush);

/** The host goes on starting meanwhile. Without a configuration there is nothing to fetch: every trigger says so. */
function warmUp(): void {
  try {
    void getServices().warmUp();
  } catch {
    return;
  }
}

/** A route for callers: a bearer token of the home tenant that holds the app role. */
function api(name: string, ...[target, role, handle]: [string, AppRole, ApiHandle]): void {
  http(name, target, withApi({ getServices, log }, role, handle));
}

/** A route for the browser of a customer's admin. */
function page(name: string, target: string, handle: BrowserHandle): void {
  http(name, target, withPages({ getServices, log }, handle));
}

/** Functions keys are not used: every route checks for itself who calls. */
function http(name: string, target: string, handler: HttpHandler): void {
  const [method, route] = target.split(' ') as [HttpMethod, string];
  const observed = observe.http({ name, method, route }, handler);
  app.http(name, { methods: [method], route, authLevel: 'anonymous', handler: observed });
}

function timer(name: string, schedule: string, run: (services: Services) => Promise<void>): void {
  app.timer(name, {
    schedule,
    handler: ({ scheduleStatus }, context) =>
      observe.run({ name, kind: 'timer' }, context, async () => {
        await run(getServices());
        const next = Date.parse(scheduleStatus?.next ?? '');
        await getServices().noteTimerRun(name, Number.isNaN(next) ? undefined : next);
      }),
  });
}

function queue(
  name: string,
  queueName: string,
  take: (services: Services, message: unknown) => Promise<void>,
): void {
  app.storageQueue(name, {
    queueName,
    connection: 'AzureWebJobsStorage',
    handler: (sealed, context) =>
      observe.run({ name, kind: 'queue' }, context, async () => {
        const message = await getServices().openMessage(queueName, sealed);
        if (message !== undefined) await take(getServices(), message);
      }),
  });
}
