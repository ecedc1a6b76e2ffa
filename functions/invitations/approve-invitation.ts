import * as v from 'valibot';
import { tenantNameSchema } from '../input/tenant.ts';
import { apiRoute } from '../route.ts';
import { toInvitationsJson } from './invitation-json.ts';

/** The body of an approval: the tenant that the operator saw waiting. */
const approvalSchema = v.strictObject({ tenant: v.optional(tenantNameSchema) });

/**
 * `POST /invitations/{invitation_id}/approve`: lets in a tenant whose consent came from somebody
 * without a consenting role.
 */
export const approveInvitation = apiRoute({
  id: 'approveInvitation',
  method: 'POST',
  path: 'api/invitations/{invitation_id}/approve',
  role: 'Tenants.Manage',
  summary:
    'Let a tenant in that waits for an approval; its proof begins. Name the tenant that you saw: where several wait it is needed.',
  body: approvalSchema,
  examples: {
    named: { summary: 'The tenant that waits', value: { tenant: 'contoso.example' } },
  },
  answers: { 200: 'InvitationState' },
  errors: ['invalid_request', 'invitation_not_found'],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const { invitationAdministration, recordEvent } = services;
    const view = await invitationAdministration.approve(params.invitation_id, body.tenant);
    const { idHash: subject, tenantId } = view.invitation;
    const done = { act: 'invitation.approve', tenantId, subject } as const;
    await recordEvent({ ...done, actor: caller.id, correlationId });
    const [jsonBody] = await toInvitationsJson([view], services.findTenantNames);
    return { jsonBody };
  },
});
