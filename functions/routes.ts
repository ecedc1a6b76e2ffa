import { listEvents } from './audit/list-events.ts';
import { listIssuances } from './audit/list-issuances.ts';
import { completeSignIn, getSession, signOut, startSignIn } from './auth/auth-routes.ts';
import { deleteCaller } from './callers/delete-caller.ts';
import { getCaller } from './callers/get-caller.ts';
import { listCallers } from './callers/list-callers.ts';
import { putCaller } from './callers/put-caller.ts';
import { simulatePolicy } from './callers/simulate-policy.ts';
import { consentCallback } from './consent/consent-callback.ts';
import { consentStatus } from './consent/consent-status.ts';
import { showInvitation } from './consent/show-invitation.ts';
import { startConsent } from './consent/start-consent.ts';
import { consoleAsset, consolePage } from './console/console-routes.ts';
import { health } from './health.ts';
import { createHunt } from './hunts/create-hunt.ts';
import { cancelHunt, deleteHunt } from './hunts/end-hunt.ts';
import { getHunt } from './hunts/get-hunt.ts';
import { getHuntResults } from './hunts/get-results.ts';
import { huntTenant } from './hunts/hunt-now.ts';
import { listHunts } from './hunts/list-hunts.ts';
import { getIncident } from './incidents/get-incident.ts';
import { listIncidentChanges } from './incidents/list-changes.ts';
import { listIncidents } from './incidents/list-incidents.ts';
import { patchIncident } from './incidents/patch-incident.ts';
import { acceptRows } from './integrity/accept-rows.ts';
import { checkIntegrity } from './integrity/check-integrity.ts';
import { approveInvitation } from './invitations/approve-invitation.ts';
import { createInvitation } from './invitations/create-invitation.ts';
import { createInvitations } from './invitations/create-invitations.ts';
import { listInvitations } from './invitations/list-invitations.ts';
import { revokeInvitation } from './invitations/revoke-invitation.ts';
import { callMcp, MCP_METADATA, MCP_REFUSALS } from './mcp/mcp-routes.ts';
import {
  openIdKeys,
  openIdMetadata,
  openIdMetadataV1,
  standardAuthorize,
} from './oauth/metadata.ts';
import { standardToken, standardTokenV1 } from './oauth/token-endpoint.ts';
import { openApi } from './openapi.ts';
import { getOverview } from './overview/get-overview.ts';
import { PROXY_ROUTES } from './proxy/call-api.ts';
import { deleteQuery, getQuery, listQueries, putQuery } from './queries/saved-queries.ts';
import type { Route } from './route.ts';
import { createSubscription } from './subscriptions/create-subscription.ts';
import { deleteSubscription } from './subscriptions/delete-subscription.ts';
import { getSubscription, listSubscriptions } from './subscriptions/list-subscriptions.ts';
import { patchSubscription } from './subscriptions/patch-subscription.ts';
import { replaySubscription } from './subscriptions/replay-subscription.ts';
import { rotateSecret } from './subscriptions/rotate-secret.ts';
import { testSubscription } from './subscriptions/test-subscription.ts';
import { getTenant } from './tenants/get-tenant.ts';
import { listTenants } from './tenants/list-tenants.ts';
import { offboardTenant } from './tenants/offboard-tenant.ts';
import { patchTenant } from './tenants/patch-tenant.ts';
import { receiptKeys } from './tenants/receipt-keys.ts';
import { verifyTenant } from './tenants/verify-tenant.ts';
import { issueToken } from './tokens/issue-token.ts';
import { validateToken } from './tokens/validate-token.ts';

/**
 * Every HTTP function: the app registers this table, and the OpenAPI description is made from it.
 */
export const ROUTES: readonly Route[] = [
  createInvitation,
  createInvitations,
  listInvitations,
  revokeInvitation,
  approveInvitation,

  getOverview,
  listTenants,
  getTenant,
  patchTenant,
  verifyTenant,
  offboardTenant,

  issueToken,
  validateToken,

  listIncidents,
  listIncidentChanges,
  getIncident,
  patchIncident,

  createHunt,
  listHunts,
  getHunt,
  getHuntResults,
  cancelHunt,
  deleteHunt,
  huntTenant,
  listQueries,
  getQuery,
  putQuery,
  deleteQuery,

  createSubscription,
  listSubscriptions,
  getSubscription,
  patchSubscription,
  replaySubscription,
  rotateSecret,
  testSubscription,
  deleteSubscription,

  listCallers,
  getCaller,
  putCaller,
  deleteCaller,
  simulatePolicy,

  listIssuances,
  listEvents,
  checkIntegrity,
  acceptRows,

  showInvitation,
  startConsent,
  consentCallback,
  consentStatus,

  ...PROXY_ROUTES,

  standardToken,
  standardTokenV1,
  openIdMetadata,
  openIdMetadataV1,
  openIdKeys,
  standardAuthorize,

  health,
  receiptKeys,
  openApi,

  callMcp,
  ...MCP_REFUSALS,
  ...MCP_METADATA,

  consolePage,
  consoleAsset,
  startSignIn,
  completeSignIn,
  signOut,
  getSession,
];
