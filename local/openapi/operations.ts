import { invitationRequestSchema } from '../../functions/consent/create-invitation.ts';
import { tenantQuerySchema } from '../../functions/tenants/list-tenants.ts';
import { tenantPatchSchema } from '../../functions/tenants/patch-tenant.ts';
import { tokenRequestSchema } from '../../functions/tokens/issue-token.ts';
import { validationRequestSchema } from '../../functions/tokens/validate-token.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { INCIDENT_OPERATIONS } from './incident-operations.ts';
import { type ApiOperation, COMMON } from './operation.ts';
import { POLICY_OPERATIONS } from './policy-operations.ts';
import { SUBSCRIPTION_OPERATIONS } from './subscription-operations.ts';

const OF_A_TENANT: readonly ErrorCode[] = ['invalid_request', 'tenant_not_found', ...COMMON];

/** The routes for tools, in the order of the routing table. */
export const API_OPERATIONS: readonly ApiOperation[] = [
  {
    id: 'createInvitation',
    target: 'POST api/invitations',
    role: 'Tenants.Manage',
    summary: "Make a single-use link for one customer's admin.",
    body: invitationRequestSchema,
    examples: {
      anybody: { summary: 'For whoever opens it first', value: {} },
      pinned: {
        summary: 'For one tenant, a day long',
        value: { tenant: 'contoso.example', expires_in: 86_400, note: 'Onboarding call' },
      },
    },
    success: { status: 201, answer: 'Invitation' },
    errors: ['invalid_request', ...COMMON],
  },
  {
    id: 'listTenants',
    target: 'GET api/tenants',
    role: 'Tenants.Read',
    summary: 'See every tenant, whatever its status, in pages.',
    query: tenantQuerySchema,
    success: { status: 200, answer: 'TenantPage' },
    errors: ['invalid_request', ...COMMON],
  },
  {
    id: 'getTenant',
    target: 'GET api/tenants/{tenant}',
    role: 'Tenants.Read',
    summary:
      'See one tenant: status, roles granted and missing, the last error with its owner, the sync of its incidents.',
    success: { status: 200, answer: 'Tenant' },
    errors: OF_A_TENANT,
  },
  {
    id: 'patchTenant',
    target: 'PATCH api/tenants/{tenant}',
    role: 'Tenants.Manage',
    summary: 'Disable or enable a tenant, name and tag it, choose where its incidents are read.',
    body: tenantPatchSchema,
    examples: {
      tags: {
        summary: 'Name and tag it',
        value: { display_name: 'Contoso Ltd', tags: ['gold', 'emea'] },
      },
      disable: { summary: 'Serve it no longer', value: { status: 'disabled' } },
      enable: { summary: 'Serve it again, after a proof', value: { status: 'active' } },
      source: {
        summary: 'Read its incidents from Graph from the next sync on',
        value: { incident_source: 'graph' },
      },
    },
    success: { status: 200, answer: 'Tenant' },
    errors: OF_A_TENANT,
  },
  {
    id: 'verifyTenant',
    target: 'POST api/tenants/{tenant}/verify',
    role: 'Tenants.Manage',
    summary: 'Prove the tenant by fresh tokens, now.',
    success: { status: 200, answer: 'Tenant' },
    errors: ['tenant_disabled', ...OF_A_TENANT],
  },
  {
    id: 'offboardTenant',
    target: 'DELETE api/tenants/{tenant}',
    role: 'Tenants.Manage',
    summary:
      'Remove everything that is kept about a tenant but a tombstone; answers a signed receipt. A repeat completes it.',
    tenant: 'litware.example',
    success: { status: 200, answer: 'Offboarding' },
    errors: OF_A_TENANT,
  },
  {
    id: 'issueToken',
    target: 'POST api/tenants/{tenant}/token',
    role: 'Tokens.Issue',
    summary: "Get an app-only token of a customer's tenant that works now.",
    body: tokenRequestSchema,
    forms: true,
    examples: {
      usual: { summary: 'For Defender XDR', value: {} },
      graph: {
        summary: 'For Microsoft Graph, with ten minutes left',
        value: { resource: 'graph', min_ttl: 600 },
      },
      scope: {
        summary: 'As OAuth clients ask',
        value: { scope: 'https://api.security.microsoft.com/.default' },
      },
    },
    success: { status: 200, answer: 'Token' },
    errors: [
      'invalid_request',
      'invalid_target',
      'access_denied',
      'tenant_not_found',
      'consent_required',
      'missing_roles',
      'tenant_disabled',
      ...COMMON,
    ],
  },
  {
    id: 'validateToken',
    target: 'POST api/tokens/validate',
    role: 'Tokens.Issue',
    summary: 'Read what a token claims and what it lacks; the signature is not checked.',
    body: validationRequestSchema,
    examples: {
      token: {
        summary: 'A token for Defender XDR',
        value: { access_token: 'eyJhbGciOiJub25lIn0.e30.', resource: 'defender-xdr' },
      },
    },
    success: { status: 200, answer: 'TokenReport' },
    errors: ['invalid_request', 'invalid_target', ...COMMON],
  },
  ...INCIDENT_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
  ...POLICY_OPERATIONS,
  {
    id: 'health',
    target: 'GET api/health',
    summary:
      'See whether the broker could start, or which settings are wrong; with a token that holds Tenants.Read, every dependency.',
    success: { status: 200, answer: 'Health' },
    errors: ['invalid_token', 'insufficient_scope'],
  },
  {
    id: 'receiptKeys',
    target: 'GET api/.well-known/jwks.json',
    summary: 'Get the public keys that verify receipts of offboardings.',
    success: { status: 200, answer: 'ReceiptKeys' },
    errors: ['temporarily_unavailable', 'server_error'],
  },
  {
    id: 'openApi',
    target: 'GET api/openapi.json',
    summary: 'Get this description.',
    success: { status: 200 },
    errors: [],
  },
];

/** A route for the browser of a customer's admin. */
export interface PageOperation {
  readonly id: string;
  readonly target: string;
  readonly summary: string;
}

/** The pages, in the order of the routing table. */
export const PAGE_OPERATIONS: readonly PageOperation[] = [
  {
    id: 'startConsent',
    target: 'GET api/consent/start/{invitation}',
    summary: "Open an invitation: sends the customer's admin to sign in.",
  },
  {
    id: 'consentCallback',
    target: 'GET api/consent/callback',
    summary: "Take Entra's answers to the sign-in and to the consent.",
  },
  {
    id: 'consentStatus',
    target: 'GET api/consent/status',
    summary: "See how the proof of this browser's consent stands.",
  },
];
