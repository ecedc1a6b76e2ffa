import * as v from 'valibot';
import { AUDIT_EVENT_NAMES, type AuditEvent } from '../../shared/audit/audit-event.ts';
import { toEventJson } from '../../shared/audit/chain/event-json.ts';
import type { Named } from '../../shared/audit/describe/names.ts';
import type { ChainReport } from '../../shared/audit/event-ledger.ts';
import { listOf } from '../input/read-query.ts';
import { apiRoute } from '../route.ts';
import { auditQueryEntries, findTenantHash, toCursorSchema, toPageJson } from './audit-query.ts';

const ACTOR = /^(broker|[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12})$/;

/** The query of `GET /audit/acts`. */
const eventQuerySchema = v.strictObject({
  ...auditQueryEntries,
  /** Only these acts. */
  act: v.optional(listOf(AUDIT_EVENT_NAMES)),
  /** Only what this caller did, or the `broker` by itself. */
  actor: v.optional(v.pipe(v.string(), v.toLowerCase(), v.regex(ACTOR))),
  /** Only what is about this caller, invitation, incident or subscription. */
  subject: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  order: v.optional(v.picklist(['asc', 'desc']), 'asc'),
  /** The `next_cursor` of the page before: the number of its last event. */
  cursor: toCursorSchema(/^\d{1,16}$/),
});

/**
 * `GET /audit/acts`: what operators and the broker did, and whether the chain of these events
 * holds. A change of tags says whose rules it makes fit.
 */
export const listEvents = apiRoute({
  id: 'listActs',
  method: 'GET',
  path: 'api/audit/acts',
  role: 'Audit.Read',
  work: 'list',
  summary:
    'See what operators and the broker did, in order, whose rules a change of tags makes fit, and whether the chain of these events holds.',
  query: eventQuerySchema,
  lists: ['act'],
  sample: { query: 'since=2026-11-01T00:00:00Z' },
  answers: { 200: 'ActPage' },
  errors: ['invalid_request'],
  handle: async ({ query }, services) => {
    const { tenant, act, cursor: after, ...rest } = query;
    const tenantHash = await findTenantHash(tenant, services);
    const look = { ...rest, tenantHash, acts: act && new Set(act), after };
    const [page, chain] = await Promise.all([
      services.audit.listEvents(look),
      services.audit.checkChain(),
    ]);
    return { jsonBody: { ...toPageJson(page, toNamedEventJson), chain: toChainJson(chain) } };
  },
});

function toNamedEventJson({ hash, tenantId, tenantName, callerName, ...event }: Named<AuditEvent>) {
  return {
    ...toEventJson(event),
    hash,
    actor_name: callerName,
    tenant_id: tenantId,
    tenant_name: tenantName,
  };
}

/** Whether the chain holds, as the API shows it. */
export function toChainJson({ ledgerId, first, head, problem, checkedAt }: ChainReport) {
  return {
    holds: problem === undefined,
    ...(problem && { problem: problem.problem, at_sequence: problem.sequence }),
    ledger_id: ledgerId,
    first_sequence: first,
    head_sequence: head.sequence,
    head_hash: head.hash,
    checked_at: new Date(checkedAt).toISOString(),
  };
}
