import { apiRoute } from '../route.ts';
import { invitationRequestSchema, inviteOne } from './invitation-body.ts';
import { toLinkJson } from './invitation-json.ts';

/** `POST /invitations`: the link for one customer's admin. */
export const createInvitation = apiRoute({
  id: 'createInvitation',
  method: 'POST',
  path: 'api/invitations',
  role: 'Tenants.Manage',
  summary: "Make a single-use link for one customer's admin.",
  body: invitationRequestSchema,
  examples: {
    anybody: { summary: 'For whoever opens it first', value: {} },
    pinned: {
      summary: 'For one tenant, a day long',
      value: {
        tenant: 'contoso.example',
        expires_in: 86_400,
        display_name: 'Contoso Ltd',
        note: 'Onboarding call',
      },
    },
  },
  answers: { 201: 'Invitation' },
  errors: ['invalid_request'],
  handle: async ({ body, ...call }, services) => ({
    status: 201,
    jsonBody: toLinkJson(await inviteOne(body, call, services)),
  }),
});
