import * as v from 'valibot';
import { tenantNameSchema } from '../input/tenant.ts';

/** What both lists may say: a tenant's GUID or domain, and the `next_cursor` of the page before. */
export const pageEntries = {
  tenant: v.optional(tenantNameSchema),
  cursor: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000))),
};

/** What lists may answer besides: Microsoft's own JSON, or the alerts in it. */
export const INCLUDES = ['raw', 'alerts'] as const;

/** The id of an incident in a route. */
export const incidentIdSchema = v.object({
  id: v.pipe(v.string(), v.regex(/^\d{1,19}$/, 'Use the incident_id: up to 19 digits.')),
});

/**
 * The documented values ("incident resource type", Microsoft Graph v1.0): a typo must not pass for
 * silence.
 */
export const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high'] as const;

/** The documented states of an incident. */
export const STATUSES = [
  'active',
  'inProgress',
  'resolved',
  'redirected',
  'awaitingAction',
] as const;
