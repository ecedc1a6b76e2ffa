import * as v from 'valibot';
import { CONSENT_FLOWS, hashInvitationId } from '../../shared/invitations/invitation.ts';
import type { InvitationLink } from '../../shared/invitations/invite.ts';
import { displayNameSchema } from '../../shared/tenants/tenant-settings.ts';
import { tenantNameSchema } from '../input/tenant.ts';
import type { ApiCall } from '../route.ts';
import type { Services } from '../services.ts';

const MIN_LIFE_SECONDS = 5 * 60;
const MAX_LIFE_SECONDS = 30 * 24 * 60 * 60;

/** The body of an invitation. */
export const invitationRequestSchema = v.strictObject({
  tenant: v.optional(tenantNameSchema),
  flow: v.optional(v.picklist(CONSENT_FLOWS)),
  expires_in: v.optional(
    v.pipe(v.number(), v.integer(), v.minValue(MIN_LIFE_SECONDS), v.maxValue(MAX_LIFE_SECONDS)),
  ),
  display_name: v.optional(displayNameSchema),
  note: v.optional(v.pipe(v.string(), v.maxLength(200))),
});

/** Makes one invitation and records who did. */
export async function inviteOne(
  body: v.InferOutput<typeof invitationRequestSchema>,
  { caller, correlationId }: Pick<ApiCall, 'caller' | 'correlationId'>,
  services: Services,
): Promise<InvitationLink> {
  const link = await services.invite({
    tenant: body.tenant,
    flow: body.flow,
    expiresInSeconds: body.expires_in,
    displayName: body.display_name,
    note: body.note,
    createdBy: caller.id,
    mayReadmit: true,
  });
  const { invitationId, tenantId } = link;
  const subject = hashInvitationId(invitationId);
  const done = { act: 'invitation.create', tenantId, subject } as const;
  await services.recordEvent({ ...done, actor: caller.id, correlationId });
  return link;
}
