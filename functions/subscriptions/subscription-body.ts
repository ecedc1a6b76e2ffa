import * as v from 'valibot';
import { CHANGE_KINDS } from '../../shared/incidents/feed/change-feed.ts';
import type { SubscriptionFilter } from '../../shared/webhooks/subscription.ts';
import { SEVERITIES } from '../incidents/incident-query.ts';
import { tenantNameSchema } from '../input/tenant.ts';

const MAX_TENANTS = 100;

/** The URL of a receiver; what it may be is checked with its addresses. */
export const urlSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(2000));

/** Which changes are told; what is left out leaves nothing out. */
export const filterSchema = v.strictObject({
  tenants: v.optional(v.pipe(v.array(tenantNameSchema), v.minLength(1), v.maxLength(MAX_TENANTS))),
  severities: v.optional(v.pipe(v.array(v.picklist(SEVERITIES)), v.minLength(1))),
  kinds: v.optional(v.pipe(v.array(v.picklist(CHANGE_KINDS)), v.minLength(1))),
});

/** A filter that was sent, as the domain has it. */
export function toFilter({
  tenants,
  severities,
  kinds,
}: v.InferOutput<typeof filterSchema>): SubscriptionFilter {
  return { tenants, severities, kinds };
}
