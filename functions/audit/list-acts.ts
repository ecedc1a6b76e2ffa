import * as v from 'valibot';
import type { Named } from '../../shared/audit/audit.ts';
import type { Act } from '../../shared/audit/ledger.ts';
import { apiRoute } from '../route.ts';
import { auditQueryEntries, findTenantHash, toPageJson } from './audit-query.ts';

/** The query of `GET /audit/acts`. */
export const actQuerySchema = v.strictObject(auditQueryEntries);

/** `GET /audit/acts`: what operators did, oldest first. */
export const listActs = apiRoute({
  id: 'listActs',
  method: 'GET',
  path: 'api/audit/acts',
  role: 'Audit.Read',
  summary: 'See what operators did, oldest first.',
  query: actQuerySchema,
  sample: { query: 'since=2026-11-01T00:00:00Z' },
  answers: { 200: 'ActPage' },
  errors: ['invalid_request'],
  handle: async ({ query }, services) => {
    const page = await services.audit.listActs({
      tenantHash: await findTenantHash(query.tenant, services),
      since: query.since,
      after: query.cursor,
      limit: query.limit,
    });
    return { jsonBody: await toPageJson(page, toActJson, services) };
  },
});

function toActJson({ recordedAt, ...act }: Named<Act>) {
  return {
    actor: act.actor,
    act: act.act,
    tenant_id: act.tenantId,
    tenant_hash: act.tenantHash,
    subject: act.subject,
    detail: act.detail,
    recorded_at: new Date(recordedAt).toISOString(),
    correlation_id: act.correlationId,
  };
}
