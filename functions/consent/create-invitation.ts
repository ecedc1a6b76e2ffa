import * as v from 'valibot';
import { CONSENT_FLOWS, hashInvitationId } from '../../shared/consent/invitation.ts';
import { tenantNameSchema } from '../input/tenant.ts';
import { apiRoute } from '../route.ts';

const SHORTEST_LIFE_SECONDS = 5 * 60;
const LONGEST_LIFE_SECONDS = 30 * 24 * 60 * 60;

/** The body of an invitation. */
export const invitationRequestSchema = v.strictObject({
  tenant: v.optional(tenantNameSchema),
  flow: v.optional(v.picklist(CONSENT_FLOWS)),
  expires_in: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(SHORTEST_LIFE_SECONDS),
      v.maxValue(LONGEST_LIFE_SECONDS),
    ),
  ),
  note: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

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
      value: { tenant: 'contoso.example', expires_in: 86_400, note: 'Onboarding call' },
    },
  },
  answers: { 201: 'Invitation' },
  errors: ['invalid_request'],
  handle: async ({ body, caller, correlationId }, services) => {
    const { invitationId, tenantId, consentUrl, expiresAt } = await services.invite({
      tenant: body.tenant,
      flow: body.flow,
      expiresInSeconds: body.expires_in,
      note: body.note,
      createdBy: caller.id,
      mayReadmit: true,
    });
    const subject = hashInvitationId(invitationId);
    const done = { act: 'invitation.create', tenantId, subject } as const;
    await services.recordAct({ ...done, actor: caller.id, correlationId });
    return {
      status: 201,
      jsonBody: {
        invitation_id: invitationId,
        consent_url: consentUrl,
        expires_at: new Date(expiresAt).toISOString(),
      },
    };
  },
});
