import * as v from 'valibot';
import { INVITATION_STATUSES } from '../../shared/invitations/invitation-status.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { apiRoute } from '../route.ts';
import { toFunnelJson, toInvitationsJson } from './invitation-json.ts';

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
const invitationQuerySchema = v.strictObject({
  status: v.optional(v.picklist(INVITATION_STATUSES)),
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^\d{13}\.[\w-]{43}$/, 'Take the next_cursor of a page.')),
  ),
  limit: pageSizeSchema,
});

/** `GET /invitations`: how far each link has come, newest first. */
export const listInvitations = apiRoute({
  id: 'listInvitations',
  method: 'GET',
  path: 'api/invitations',
  role: 'Tenants.Manage',
  work: 'list',
  summary:
    'See how far each invitation has come, newest first, and how many stand at each step; the links are never shown again.',
  query: invitationQuerySchema,
  answers: { 200: 'InvitationPage' },
  errors: ['invalid_request'],
  handle: async ({ query }, { invitationAdministration, findTenantNames }) => {
    const { status, cursor: after, limit } = query;
    const page = await invitationAdministration.list({ status, after, limit });
    const value = await toInvitationsJson(page.invitations, findTenantNames);
    return { jsonBody: { value, funnel: toFunnelJson(page.funnel), next_cursor: page.next } };
  },
});
