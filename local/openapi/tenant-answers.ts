import * as v from 'valibot';
import { RESOURCE_NAMES } from '../../shared/resources/resources.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { SETTINGS, type SettingKind } from '../../shared/tenants/tenant-settings.ts';
import { etag, guid, instant, owner, texts } from './answer-fields.ts';
import { syncSchema } from './incident-answers.ts';
import { liveTokens } from './token-answers.ts';

const ANSWERS: Readonly<Record<SettingKind, v.GenericSchema>> = {
  text: v.optional(v.string()),
  words: texts,
  number: v.optional(v.number()),
};

const SETTING_ANSWERS = Object.fromEntries(SETTINGS.map(({ name, kind }) => [name, ANSWERS[kind]]));

/** A customer's tenant. */
export const tenantSchema = v.strictObject({
  tenant_id: guid,
  etag,
  ...SETTING_ANSWERS,
  domain: v.optional(v.string()),
  status: v.picklist(TENANT_STATUSES),
  resources: v.record(
    v.string(),
    v.strictObject({
      roles_granted: texts,
      roles_missing: texts,
      checked_at: instant,
      cause: v.optional(v.string()),
    }),
  ),
  last_error: v.optional(
    v.strictObject({
      error: v.string(),
      cause: v.string(),
      resource: v.picklist(RESOURCE_NAMES),
      at: instant,
      owner,
      description: v.string(),
      remedy: v.string(),
    }),
  ),
  sync: v.optional(syncSchema),
  next_verification_at: v.optional(instant),
  consented_at: v.optional(instant),
  offboarded_at: v.optional(instant),
  purged_at: v.optional(instant),
  created_at: instant,
  updated_at: instant,
  consent_url: v.optional(v.pipe(v.string(), v.url())),
  live_tokens: v.optional(v.array(v.looseObject({ token_hash: v.string() }))),
  live_tokens_as_of: v.optional(instant),
  live_tokens_final_at: v.optional(instant),
});

/** How old a tenant's incidents are, and how many could not be read. */
const dataSchema = v.strictObject({
  complete_up_to: v.optional(v.string()),
  data_age_seconds: v.optional(v.number()),
  late: v.boolean(),
  skipped: v.pipe(v.number(), v.integer()),
  problem: v.optional(v.string()),
});

/** A page of tenants, each with the age of its incidents. */
export const tenantPageSchema = v.strictObject({
  value: v.array(
    v.strictObject({
      ...tenantSchema.entries,
      data: dataSchema,
      open_incidents: v.optional(
        v.strictObject({
          at_least: v.optional(v.literal(true)),
          by_severity: v.record(v.string(), v.pipe(v.number(), v.integer())),
        }),
      ),
    }),
  ),
  next_cursor: v.optional(guid),
});

/** What became of an offboarded tenant. */
export const offboardingSchema = v.strictObject({
  tenant_id: guid,
  status: v.literal('offboarded'),
  offboarded_at: instant,
  purged_at: instant,
  purged: v.record(v.string(), v.pipe(v.number(), v.integer())),
  live_tokens: liveTokens,
  live_tokens_as_of: instant,
  live_tokens_final_at: instant,
  live_tokens_until: v.optional(instant),
  notice: v.string(),
  receipt: v.optional(v.string()),
  problem: v.optional(
    v.strictObject({ description: v.string(), owner: v.optional(owner), remedy: v.string() }),
  ),
});

/** The public keys of receipts (RFC 7517). */
export const receiptKeysSchema = v.strictObject({
  keys: v.array(
    v.strictObject({
      kty: v.literal('EC'),
      crv: v.literal('P-256'),
      x: v.string(),
      y: v.string(),
      kid: v.string(),
      use: v.literal('sig'),
      alg: v.literal('ES256'),
    }),
  ),
});
