import { apiRoute } from '../route.ts';
import { toInvitationsJson } from './invitation-json.ts';

/** `DELETE /invitations/{invitation_id}`: nobody can use the link any more. */
export const revokeInvitation = apiRoute({
  id: 'revokeInvitation',
  method: 'DELETE',
  path: 'api/invitations/{invitation_id}',
  role: 'Tenants.Manage',
  summary: 'Withdraw an invitation; one that was used stays used. Can be repeated.',
  answers: { 200: 'InvitationState' },
  errors: ['invitation_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const view = await services.invitationAdministration.revoke(params.invitation_id);
    const { idHash: subject, tenantId } = view.invitation;
    const done = { act: 'invitation.revoke', tenantId, subject } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    const [jsonBody] = await toInvitationsJson([view], services.findTenantNames);
    return { jsonBody };
  },
});
