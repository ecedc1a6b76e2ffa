import * as v from 'valibot';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { guid, instant, owner, texts } from './answer-fields.ts';
import { openHuntsSchema } from './hunt-answers.ts';
import { fleetSchema } from './incident-answers.ts';

/** An operator's session in the console. */
export const sessionSchema = v.strictObject({
  caller: guid,
  name: v.string(),
  roles: texts,
  expires_at: instant,
  partner_name: v.optional(v.string()),
});

/** The health of the broker; more is told to who may read tenants. */
export const healthSchema = v.strictObject({
  status: v.picklist(['up', 'down']),
  problems: v.optional(texts),
  checks: v.optional(
    v.record(
      v.string(),
      v.looseObject({
        status: v.picklist(['up', 'down']),
        duration_ms: v.number(),
        checked_at: v.string(),
        age_seconds: v.number(),
      }),
    ),
  ),
});

/** What needs somebody now, and how the fleet and the broker are. */
export const overviewSchema = v.strictObject({
  generated_at: instant,
  version: v.string(),
  tenants: v.record(v.picklist(TENANT_STATUSES), v.number()),
  data: fleetSchema,
  needs: v.array(
    v.strictObject({
      cause: v.string(),
      owner,
      description: v.string(),
      remedy: v.string(),
      action: v.picklist(['send_consent_link', 'verify', 'wait', 'none']),
      count: v.pipe(v.number(), v.integer()),
      tenants: v.array(
        v.strictObject({
          tenant_id: guid,
          display_name: v.optional(v.string()),
          tenant_status: v.picklist(TENANT_STATUSES),
          since: instant,
        }),
      ),
    }),
  ),
  /** Left out for who does not hold `Hunting.Run`. */
  hunts: v.optional(openHuntsSchema),
  health: healthSchema,
});

/** Who issues tokens for the agents' tools (RFC 9728). */
export const protectedResourceSchema = v.strictObject({
  resource: v.pipe(v.string(), v.url()),
  resource_name: v.string(),
  authorization_servers: v.array(v.pipe(v.string(), v.url())),
  scopes_supported: texts,
  bearer_methods_supported: v.array(v.literal('header')),
});
