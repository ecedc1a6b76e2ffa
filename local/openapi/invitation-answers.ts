import * as v from 'valibot';
import { CONSENT_FLOWS } from '../../shared/invitations/invitation.ts';
import { INVITATION_STATUSES } from '../../shared/invitations/invitation-status.ts';
import { errorSchema, guid, instant } from './answer-fields.ts';

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
