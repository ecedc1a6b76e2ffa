import * as v from 'valibot';
import { errorSchema, guid, instant, nextCursor } from './answer-fields.ts';
import { acceptedRowsSchema, eventPageSchema, integritySchema } from './audit-answers.ts';
import { callerSchema, simulationSchema } from './caller-answers.ts';
import {
  huntedTenantSchema,
  huntPageSchema,
  huntResultsSchema,
  huntSchema,
  huntStatusSchema,
  savedQuerySchema,
} from './hunt-answers.ts';
import {
  changePageSchema,
  incidentPageSchema,
  incidentSchema,
  wholeIncidentSchema,
} from './incident-answers.ts';
import {
  invitationBatchSchema,
  invitationPageSchema,
  invitationSchema,
  invitationStateSchema,
} from './invitation-answers.ts';
import {
  oauthErrorSchema,
  oauthKeysSchema,
  oauthMetadataSchema,
  oauthTokenSchema,
  oauthTokenV1Schema,
} from './oauth-answers.ts';
import {
  healthSchema,
  overviewSchema,
  protectedResourceSchema,
  sessionSchema,
} from './service-answers.ts';
import {
  removedSubscriptionSchema,
  subscriptionListSchema,
  subscriptionSchema,
  subscriptionSecretSchema,
  subscriptionTestSchema,
} from './subscription-answers.ts';
import {
  offboardingSchema,
  receiptKeysSchema,
  tenantPageSchema,
  tenantSchema,
} from './tenant-answers.ts';
import { issuanceSchema, liveTokens, tokenReportSchema, tokenSchema } from './token-answers.ts';

/** The schemas of the description by name. */
export const ANSWERS = {
  ProtectedResource: protectedResourceSchema,
  Overview: overviewSchema,
  Session: sessionSchema,
  Error: errorSchema,
  Token: tokenSchema,
  TokenReport: tokenReportSchema,
  Invitation: invitationSchema,
  InvitationBatch: invitationBatchSchema,
  InvitationState: invitationStateSchema,
  InvitationPage: invitationPageSchema,
  Tenant: tenantSchema,
  TenantPage: tenantPageSchema,
  Offboarding: offboardingSchema,
  ReceiptKeys: receiptKeysSchema,
  Incident: incidentSchema,
  WholeIncident: wholeIncidentSchema,
  IncidentPage: incidentPageSchema,
  IncidentChangePage: changePageSchema,
  Hunt: huntSchema,
  HuntPage: huntPageSchema,
  HuntStatus: huntStatusSchema,
  HuntResults: huntResultsSchema,
  HuntedTenant: huntedTenantSchema,
  SavedQuery: savedQuerySchema,
  SavedQueryList: v.strictObject({ value: v.array(savedQuerySchema) }),
  Subscription: subscriptionSchema,
  SubscriptionSecret: subscriptionSecretSchema,
  SubscriptionList: subscriptionListSchema,
  SubscriptionTest: subscriptionTestSchema,
  RemovedSubscription: removedSubscriptionSchema,
  Caller: callerSchema,
  CallerList: v.strictObject({ value: v.array(callerSchema) }),
  RemovedCaller: v.strictObject({
    caller: guid,
    live_tokens: liveTokens,
    live_tokens_as_of: instant,
    live_tokens_final_at: instant,
  }),
  IssuancePage: v.strictObject({ value: v.array(issuanceSchema), next_cursor: nextCursor }),
  ActPage: eventPageSchema,
  Integrity: integritySchema,
  AcceptedRows: acceptedRowsSchema,
  Simulation: simulationSchema,
  Health: healthSchema,
  OAuthToken: oauthTokenSchema,
  OAuthTokenV1: oauthTokenV1Schema,
  OAuthError: oauthErrorSchema,
  OAuthMetadata: oauthMetadataSchema,
  OAuthKeys: oauthKeysSchema,
} as const;

/** A name in `components.schemas`. */
export type AnswerName = keyof typeof ANSWERS;

/** Whether the description has a schema of this name. */
export function isAnswerName(name: string): name is AnswerName {
  return Object.hasOwn(ANSWERS, name);
}
