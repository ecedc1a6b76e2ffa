import * as v from 'valibot';
import type { Named } from '../../shared/audit/describe/names.ts';
import type { Issuance } from '../../shared/audit/issuance-ledger.ts';
import { EPOCH_SEEN_MS } from '../../shared/epoch.ts';
import { EXAMPLE_CALLER } from '../examples.ts';
import { apiRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { auditQueryEntries, findTenantHash, toCursorSchema, toPageJson } from './audit-query.ts';

const BASE64URL_HASH = /^[\w-]{43}$/;
const HEX_HASH = /^[\da-f]{64}$/i;

/** The query of `GET /audit/tokens`; a hash may be base64url or hex. */
const issuanceQuerySchema = v.strictObject({
  ...auditQueryEntries,
  /** The `next_cursor` of the page before: the key of its last row. */
  cursor: toCursorSchema(/^[\w.:|-]{1,300}$/),
  caller: v.optional(v.pipe(v.string(), v.uuid(), v.toLowerCase())),
  token_hash: v.optional(
    v.pipe(
      v.string(),
      v.check((hash) => BASE64URL_HASH.test(hash) || HEX_HASH.test(hash)),
      v.transform(toBase64Url),
    ),
  ),
  uti: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  live: v.optional(
    v.pipe(
      v.picklist(['true', 'false']),
      v.transform((live) => live === 'true'),
    ),
  ),
  would_be_denied: v.optional(v.literal('true')),
});

/** `GET /audit/tokens`: who received which token, oldest first. */
export const listIssuances = apiRoute({
  id: 'listIssuances',
  method: 'GET',
  path: 'api/audit/tokens',
  role: 'Audit.Read',
  work: 'list',
  summary: 'See who received which token; the query has to be bounded.',
  query: issuanceQuerySchema,
  sample: { query: `caller=${EXAMPLE_CALLER}` },
  answers: { 200: 'IssuancePage' },
  errors: ['invalid_request'],
  handle: async ({ query }, services) => {
    const page = await services.audit.listIssuances({
      tenantHash: await findTenantHash(query.tenant, services),
      callerId: query.caller,
      tokenHash: query.token_hash,
      uti: query.uti,
      since: query.since,
      until: query.until,
      liveAt: query.live ? Date.now() : undefined,
      wouldBeDenied: query.would_be_denied && true,
      after: query.cursor,
      limit: query.limit,
    });
    return { jsonBody: toPageJson(page, toIssuanceJson) };
  },
});

/**
 * Who holds tokens after something was taken away at `changedAt`, or just now. What was handed out
 * until `live_tokens_as_of` is listed. Until `live_tokens_final_at` another process may not have
 * seen the change, and may hand out more: a list that is made later is final.
 */
export async function listLiveTokens(
  { audit }: Pick<Services, 'audit'>,
  of: Parameters<Services['audit']['listLive']>[0],
  changedAt?: number,
) {
  const asOf = Date.now();
  const live = await audit.listLive(of);
  const finalAt = (changedAt ?? asOf) + EPOCH_SEEN_MS;
  return {
    count: live.length,
    until: live.length > 0 ? Math.max(...live.map(({ expiresAt }) => expiresAt)) : undefined,
    asOf,
    finalAt,
    json: {
      live_tokens: live.map(toLiveTokenJson),
      live_tokens_as_of: new Date(asOf).toISOString(),
      live_tokens_final_at: new Date(finalAt).toISOString(),
    },
  };
}

/** A token in a caller's hands that still works, as answers about a stop show it. */
function toLiveTokenJson({ callerId, tenantId, ...issuance }: Named<Issuance>) {
  return {
    caller: callerId,
    caller_name: issuance.callerName,
    tenant_id: tenantId,
    tenant_name: issuance.tenantName,
    resource: issuance.resource,
    expires_at: new Date(issuance.expiresAt).toISOString(),
    token_hash: issuance.tokenHash,
  };
}

function toIssuanceJson(issuance: Named<Issuance>) {
  return {
    ...toLiveTokenJson(issuance),
    tenant_hash: issuance.tenantHash,
    rule: issuance.rule,
    would_be_denied: issuance.wouldBeDenied,
    uti: issuance.uti,
    issued_at: new Date(issuance.issuedAt).toISOString(),
    recorded_at: new Date(issuance.recordedAt).toISOString(),
    correlation_id: issuance.correlationId,
  };
}

function toBase64Url(hash: string): string {
  return HEX_HASH.test(hash) ? Buffer.from(hash, 'hex').toString('base64url') : hash;
}
