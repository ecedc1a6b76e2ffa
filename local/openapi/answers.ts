import * as v from 'valibot';
import { GRANT_MODES, RULE_EFFECTS } from '../../shared/callers/grants.ts';
import { CONSENT_FLOWS } from '../../shared/invitations/invitation.ts';
import { INVITATION_STATUSES } from '../../shared/invitations/invitation-status.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { RESOURCE_NAMES } from '../../shared/tokens/resource.ts';
import { acceptedRowsSchema, eventPageSchema, integritySchema } from './audit-answers.ts';
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
  fleetSchema,
  incidentPageSchema,
  incidentSchema,
  syncSchema,
  wholeIncidentSchema,
} from './incident-answers.ts';
import {
  oauthErrorSchema,
  oauthKeysSchema,
  oauthMetadataSchema,
  oauthTokenSchema,
  oauthTokenV1Schema,
} from './oauth-answers.ts';
import {
  removedSubscriptionSchema,
  subscriptionListSchema,
  subscriptionSchema,
  subscriptionSecretSchema,
  subscriptionTestSchema,
} from './subscription-answers.ts';

const instant = v.pipe(v.string(), v.isoTimestamp());
const guid = v.pipe(v.string(), v.uuid());
const texts = v.array(v.string());
const etag = v.pipe(v.string(), v.description('For If-Match, as it stands.'));
const owner = v.picklist(['customer', 'partner', 'microsoft', 'caller']);

/** The body of an error on every route. */
export const errorSchema = v.strictObject({
  error: v.string(),
  error_description: v.string(),
  correlation_id: v.string(),
  owner,
  remedy: v.string(),
  retry_after: v.optional(v.pipe(v.number(), v.integer())),
  consent_url: v.optional(v.string()),
  missing_roles: v.optional(texts),
  problems: v.optional(texts),
  last_change: v.optional(
    v.strictObject({
      by: v.string(),
      by_name: v.optional(v.string()),
      act: v.string(),
      detail: v.optional(v.string()),
      at: instant,
    }),
  ),
});

/** The answer to a token request: RFC 6749 section 5.1 and what a tool needs to plan ahead. */
export const tokenSchema = v.strictObject({
  access_token: v.string(),
  token_type: v.literal('Bearer'),
  expires_in: v.pipe(v.number(), v.integer()),
  expires_at: v.pipe(v.number(), v.integer(), v.description('Unix time in seconds.')),
  refresh_in: v.pipe(
    v.number(),
    v.integer(),
    v.description('Seconds after which a newer token can be had.'),
  ),
  tenant_id: guid,
  resource: v.picklist(RESOURCE_NAMES),
  roles: texts,
  degraded: v.optional(v.literal(true)),
});

/** An operator's session in the console. */
export const sessionSchema = v.strictObject({
  caller: guid,
  name: v.string(),
  roles: texts,
  expires_at: instant,
  partner_name: v.optional(v.string()),
});

/** What a token claims. */
export const tokenReportSchema = v.strictObject({
  valid: v.boolean(),
  problems: texts,
  signature: v.literal('not_checked'),
  token_hash: v.string(),
  unreadable: v.optional(v.string()),
  resource: v.optional(v.picklist(RESOURCE_NAMES)),
  tenant_id: v.optional(v.string()),
  client_id: v.optional(v.string()),
  audience: v.optional(v.string()),
  object_id: v.optional(v.string()),
  roles: v.optional(texts),
  uti: v.optional(v.string()),
  expires_at: v.optional(instant),
  seconds_left: v.optional(v.pipe(v.number(), v.integer())),
  missing_roles: texts,
});

/** A new invitation. */
export const invitationSchema = v.strictObject({
  invitation_id: v.string(),
  consent_url: v.pipe(v.string(), v.url()),
  expires_at: instant,
});

/** How far an invitation has come. */
export const invitationStateSchema = v.strictObject({
  invitation_id: v.string(),
  status: v.picklist(INVITATION_STATUSES),
  status_since: instant,
  tenant_id: v.optional(guid),
  domain: v.optional(v.string()),
  display_name: v.optional(v.string()),
  flow: v.picklist(CONSENT_FLOWS),
  note: v.optional(v.string()),
  created_by: v.string(),
  created_at: instant,
  expires_at: instant,
  opened_at: v.optional(instant),
  signed_in_at: v.optional(instant),
  accepted_at: v.optional(instant),
  revoked_at: v.optional(instant),
  claims: v.array(
    v.strictObject({
      tenant_id: guid,
      domain: v.optional(v.string()),
      user_name: v.optional(v.string()),
      claimed_at: instant,
    }),
  ),
  claimed_by: v.optional(guid),
  used_by: v.optional(guid),
});

/** A page of invitations. */
export const invitationPageSchema = v.strictObject({
  value: v.array(invitationStateSchema),
  funnel: v.record(
    v.picklist(INVITATION_STATUSES),
    v.strictObject({ count: v.pipe(v.number(), v.integer()), oldest_since: v.optional(instant) }),
  ),
  next_cursor: v.optional(v.string()),
});

/** One result or error for each entry of a batch, in its order. */
export const invitationBatchSchema = v.strictObject({
  value: v.array(
    v.union([
      v.strictObject({ status: v.literal(201), ...invitationSchema.entries }),
      v.strictObject({ status: v.pipe(v.number(), v.integer()), ...errorSchema.entries }),
    ]),
  ),
});

/** A customer's tenant. */
export const tenantSchema = v.strictObject({
  tenant_id: guid,
  etag,
  display_name: v.optional(v.string()),
  domain: v.optional(v.string()),
  status: v.picklist(TENANT_STATUSES),
  tags: texts,
  resources: v.record(
    v.string(),
    v.strictObject({
      roles_granted: texts,
      roles_missing: texts,
      checked_at: instant,
      cause: v.optional(v.string()),
    }),
  ),
  last_error: v.optional(
    v.strictObject({
      error: v.string(),
      cause: v.string(),
      resource: v.picklist(RESOURCE_NAMES),
      at: instant,
      owner,
      description: v.string(),
      remedy: v.string(),
    }),
  ),
  sync: v.optional(syncSchema),
  next_verification_at: v.optional(instant),
  consented_at: v.optional(instant),
  offboarded_at: v.optional(instant),
  purged_at: v.optional(instant),
  created_at: instant,
  updated_at: instant,
  consent_url: v.optional(v.pipe(v.string(), v.url())),
  live_tokens: v.optional(v.array(v.looseObject({ token_hash: v.string() }))),
  live_tokens_as_of: v.optional(instant),
  live_tokens_final_at: v.optional(instant),
});

/** How old a tenant's incidents are, and how many could not be read. */
const dataSchema = v.strictObject({
  complete_up_to: v.optional(v.string()),
  data_age_seconds: v.optional(v.number()),
  late: v.boolean(),
  skipped: v.pipe(v.number(), v.integer()),
  problem: v.optional(v.string()),
});

/** A page of tenants, each with the age of its incidents. */
export const tenantPageSchema = v.strictObject({
  value: v.array(
    v.strictObject({
      ...tenantSchema.entries,
      data: dataSchema,
      open_incidents: v.optional(
        v.strictObject({
          at_least: v.optional(v.literal(true)),
          by_severity: v.record(v.string(), v.pipe(v.number(), v.integer())),
        }),
      ),
    }),
  ),
  next_cursor: v.optional(guid),
});

/** A token in a caller's hands that still works. */
const liveTokenEntries = {
  caller: guid,
  caller_name: v.optional(v.string()),
  tenant_id: v.optional(guid),
  tenant_name: v.optional(v.string()),
  resource: v.picklist(RESOURCE_NAMES),
  expires_at: instant,
  token_hash: v.string(),
};
const liveTokens = v.array(v.strictObject(liveTokenEntries));

/** Who received a token. */
export const issuanceSchema = v.strictObject({
  ...liveTokenEntries,
  tenant_hash: v.string(),
  rule: v.string(),
  would_be_denied: v.optional(v.literal(true)),
  uti: v.optional(v.string()),
  issued_at: instant,
  recorded_at: instant,
  correlation_id: v.string(),
});

/** What became of an offboarded tenant. */
export const offboardingSchema = v.strictObject({
  tenant_id: guid,
  status: v.literal('offboarded'),
  offboarded_at: instant,
  purged_at: instant,
  purged: v.record(v.string(), v.pipe(v.number(), v.integer())),
  live_tokens: liveTokens,
  live_tokens_as_of: instant,
  live_tokens_final_at: instant,
  live_tokens_until: v.optional(instant),
  notice: v.string(),
  receipt: v.optional(v.string()),
  problem: v.optional(
    v.strictObject({ description: v.string(), owner: v.optional(owner), remedy: v.string() }),
  ),
});

/** The public keys of receipts (RFC 7517). */
export const receiptKeysSchema = v.strictObject({
  keys: v.array(
    v.strictObject({
      kty: v.literal('EC'),
      crv: v.literal('P-256'),
      x: v.string(),
      y: v.string(),
      kid: v.string(),
      use: v.literal('sig'),
      alg: v.literal('ES256'),
    }),
  ),
});

const nextCursor = v.optional(v.string());

/** What a caller may have. */
export const callerSchema = v.strictObject({
  caller: guid,
  etag,
  display_name: v.optional(v.string()),
  mode: v.picklist(GRANT_MODES),
  client_secret: v.boolean(),
  blocked: v.boolean(),
  webhook_hosts: v.optional(texts),
  rules: v.array(
    v.strictObject({
      id: v.string(),
      effect: v.picklist(RULE_EFFECTS),
      tenants: texts,
      resources: texts,
      operations: v.optional(texts),
    }),
  ),
  created_at: instant,
  updated_at: instant,
  live_tokens: v.optional(liveTokens),
  live_tokens_as_of: v.optional(instant),
  live_tokens_final_at: v.optional(instant),
});

/** What the policy says of a question. */
export const simulationSchema = v.strictObject({
  caller: guid,
  allowed: v.boolean(),
  rule: v.string(),
  why: v.string(),
  would_be_denied: v.optional(v.boolean()),
  mode: v.optional(v.picklist(GRANT_MODES)),
  tenant_id: v.optional(guid),
  tenant_exists: v.boolean(),
  tenant_status: v.optional(v.picklist(TENANT_STATUSES)),
  tags: texts,
});

/** The health of the broker; more is told to who may read tenants. */
export const healthSchema = v.strictObject({
  status: v.picklist(['up', 'down']),
  problems: v.optional(texts),
  checks: v.optional(
    v.record(
      v.string(),
      v.looseObject({
        status: v.picklist(['up', 'down']),
        duration_ms: v.number(),
        checked_at: v.string(),
        age_seconds: v.number(),
      }),
    ),
  ),
});

/** What needs somebody now, and how the fleet and the broker are. */
export const overviewSchema = v.strictObject({
  generated_at: instant,
  version: v.string(),
  tenants: v.record(v.picklist(TENANT_STATUSES), v.number()),
  data: fleetSchema,
  needs: v.array(
    v.strictObject({
      cause: v.string(),
      owner,
      description: v.string(),
      remedy: v.string(),
      action: v.picklist(['send_consent_link', 'verify', 'wait', 'none']),
      count: v.pipe(v.number(), v.integer()),
      tenants: v.array(
        v.strictObject({
          tenant_id: guid,
          display_name: v.optional(v.string()),
          tenant_status: v.picklist(TENANT_STATUSES),
          since: instant,
        }),
      ),
    }),
  ),
  health: healthSchema,
});

/** Who issues tokens for the agents' tools (RFC 9728). */
export const protectedResourceSchema = v.strictObject({
  resource: v.pipe(v.string(), v.url()),
  resource_name: v.string(),
  authorization_servers: v.array(v.pipe(v.string(), v.url())),
  scopes_supported: texts,
  bearer_methods_supported: v.array(v.literal('header')),
});

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
