import * as v from 'valibot';
import { DemoError } from './demo-error.ts';

/** An answer of the broker or a stand-in. */
export interface Answer {
  /** Method and path, for messages. */
  readonly request: string;
  readonly status: number;
  readonly body: unknown;
}

/** `GET /sandbox/`. */
export const sandboxSchema = v.object({
  customers: v.array(
    v.object({
      tenant: v.string(),
      tenant_id: v.string(),
      admin: v.string(),
      incident_calls: v.number(),
    }),
  ),
});

/** `POST /invitations`. */
export const invitationSchema = v.object({ consent_url: v.string() });

/** `GET /tenants/{tenant}` and whatever else answers a tenant. */
export const tenantSchema = v.object({
  status: v.string(),
  next_verification_at: v.optional(v.string()),
  consent_url: v.optional(v.string()),
});

/** `POST /tenants/{tenant}/token`. */
export const tokenSchema = v.object({
  access_token: v.string(),
  expires_at: v.number(),
  refresh_in: v.number(),
  tenant_id: v.string(),
  roles: v.array(v.string()),
  degraded: v.optional(v.boolean(), false),
});

/** `POST /tokens/validate`. */
export const reportSchema = v.object({
  valid: v.boolean(),
  problems: v.array(v.string()),
  tenant_id: v.optional(v.string()),
  token_hash: v.string(),
  seconds_left: v.optional(v.number()),
});

const syncSchema = v.object({
  source: v.string(),
  complete_up_to: v.optional(v.string()),
  data_age_seconds: v.optional(v.number()),
  running: v.optional(v.string()),
  last_failure: v.optional(v.object({ problem: v.string() })),
});

/** How far a customer's sync has come. */
export type Sync = v.InferOutput<typeof syncSchema>;

/** `GET /tenants/{tenant}`, as far as it is about incidents. */
export const syncedTenantSchema = v.object({ sync: syncSchema });

/** `GET /incidents`. */
export const incidentListSchema = v.object({ value: v.array(v.object({})) });

const changeSchema = v.object({
  sequence: v.number(),
  kind: v.string(),
  incident: v.object({
    tenant_id: v.string(),
    incident_id: v.string(),
    comments: v.array(v.object({ comment: v.string() })),
  }),
});

/** What happened to an incident. */
export type Change = v.InferOutput<typeof changeSchema>;

/** `GET /incidents/changes`. */
export const changesSchema = v.object({
  value: v.array(changeSchema),
  next_cursor: v.string(),
  has_more: v.boolean(),
});

/** `POST /subscriptions`. */
export const subscriptionSchema = v.object({ subscription_id: v.string(), secret: v.string() });

/** What a receiver is sent of a change. */
export const notificationSchema = v.object({
  type: v.literal('incident.changed'),
  sequence: v.number(),
  change: changeSchema,
});

/** An incident of Microsoft Graph. */
export const graphIncidentSchema = v.object({
  status: v.string(),
  assignedTo: v.nullable(v.string()),
  comments: v.array(v.object({})),
});

/** The refusal that asks a customer's admin to act. */
export const consentRequiredSchema = v.object({
  error: v.literal('consent_required'),
  owner: v.literal('customer'),
  remedy: v.string(),
  consent_url: v.string(),
});

/** `GET /api/incidents` of Defender, as far as it shows whose incidents they are. */
export const incidentsSchema = v.object({
  value: v.array(
    v.object({
      incidentId: v.number(),
      alerts: v.array(v.object({ devices: v.array(v.object({ deviceDnsName: v.string() })) })),
    }),
  ),
});

const brokerErrorSchema = v.object({
  error: v.string(),
  error_description: v.string(),
  owner: v.optional(v.string()),
  remedy: v.optional(v.string()),
});
const microsoftErrorSchema = v.object({ error: v.object({ code: v.string() }) });

/** The body of an answer that has the expected status and shape; anything else fails the step. */
export function expectAnswer<Body>(
  answer: Answer,
  status: number,
  schema: v.GenericSchema<unknown, Body>,
): Body {
  const parsed = v.safeParse(schema, answer.body);
  if (answer.status === status && parsed.success) return parsed.output;
  throw new DemoError(`Expected of ${answer.request}: ${status}\nGot: ${describe(answer)}`);
}

/** Only what errors say is quoted: an answer of another kind could hold a token. */
function describe({ status, body }: Answer): string {
  const broker = v.safeParse(brokerErrorSchema, body);
  if (broker.success) {
    const { error, error_description, owner, remedy } = broker.output;
    const help = remedy === undefined ? '' : `\nRemedy (${owner ?? 'nobody named'}): ${remedy}`;
    return `${status} ${error}: ${error_description}${help}`;
  }
  const microsoft = v.safeParse(microsoftErrorSchema, body);
  if (microsoft.success) return `${status} ${microsoft.output.error.code}`;
  return `${status}, and a body of another shape`;
}
