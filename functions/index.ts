import { app, type HttpHandler, type HttpMethod, type InvocationContext } from '@azure/functions';
import type { AppRole } from '../shared/callers/caller.ts';
import { readConfig } from '../shared/config.ts';
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
import { createInvocationLog } from './log.ts';
import { openApi } from './openapi.ts';
import { REFRESH_QUEUE, VERIFICATION_QUEUE } from './queues.ts';
import type { Services } from './services.ts';
import { SWEEP_SCHEDULE, sweepExpired } from './sweep-expired.ts';
import { getTenant } from './tenants/get-tenant.ts';
import { listTenants } from './tenants/list-tenants.ts';
import { patchTenant } from './tenants/patch-tenant.ts';
import { verifyTenant } from './tenants/verify-tenant.ts';
import { issueToken } from './tokens/issue-token.ts';
import { refreshBatch, refreshTokens } from './tokens/refresh-tokens.ts';
import { validateToken } from './tokens/validate-token.ts';

const log = createInvocationLog();

let services: Services | undefined;
const getServices = (): Services => {
  services ??= compose(readConfig(process.env), log);
  return services;
};

api('createInvitation', 'POST invitations', 'Tenants.Manage', createInvitation);
api('listTenants', 'GET tenants', 'Tenants.Read', listTenants);
api('getTenant', 'GET tenants/{tenant}', 'Tenants.Read', getTenant);
api('patchTenant', 'PATCH tenants/{tenant}', 'Tenants.Manage', patchTenant);
api('verifyTenant', 'POST tenants/{tenant}/verify', 'Tenants.Manage', verifyTenant);
api('issueToken', 'POST tenants/{tenant}/token', 'Tokens.Issue', issueToken);
api('validateToken', 'POST tokens/validate', 'Tokens.Issue', validateToken);

api('listIncidents', 'GET incidents', 'Incidents.Read', listIncidents);
api('listIncidentChanges', 'GET incidents/changes', 'Incidents.Read', listIncidentChanges);
api('getIncident', 'GET tenants/{tenant}/incidents/{id}', 'Incidents.Read', getIncident);
api('patchIncident', 'PATCH tenants/{tenant}/incidents/{id}', 'Incidents.Write', patchIncident);

api('listCallers', 'GET callers', 'Policy.Manage', listCallers);
api('getCaller', 'GET callers/{client_id}', 'Policy.Manage', getCaller);
api('putCaller', 'PUT callers/{client_id}', 'Policy.Manage', putCaller);
api('deleteCaller', 'DELETE callers/{client_id}', 'Policy.Manage', deleteCaller);
api('simulatePolicy', 'POST policy/simulate', 'Policy.Manage', simulatePolicy);
api('listIssuances', 'GET audit/tokens', 'Audit.Read', listIssuances);
api('listActs', 'GET audit/acts', 'Audit.Read', listActs);

page('startConsent', 'GET consent/start/{invitation}', startConsent);
page('consentCallback', 'GET consent/callback', consentCallback);
page('consentStatus', 'GET consent/status', consentStatus);

http('health', 'GET health', createHealth({ getServices, log }));
http('openApi', 'GET openapi.json', openApi);

timer('refreshTokens', '%TOKEN_REFRESH_SCHEDULE%', refreshTokens);
timer('sweepExpired', SWEEP_SCHEDULE, sweepExpired);
queue('refreshBatch', REFRESH_QUEUE, refreshBatch);
queue('verifyConsent', VERIFICATION_QUEUE, verifyConsent);

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
  app.http(name, { methods: [method], route, authLevel: 'anonymous', handler });
}

function timer(name: string, schedule: string, run: (services: Services) => Promise<void>): void {
  app.timer(name, {
    schedule,
    handler: ({ scheduleStatus }, context) =>
      within(context, async () => {
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
    handler: (message, context) => within(context, () => take(getServices(), message)),
  });
}

function within(context: InvocationContext, work: () => Promise<void>): Promise<void> {
  return log.within(context, work);
}
