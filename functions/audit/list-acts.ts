import * as v from 'valibot';
import type { Named } from '../../shared/audit/audit.ts';
import type { Act } from '../../shared/audit/ledger.ts';
import type { ApiHandle } from '../api.ts';
import { parseInput } from '../request-body.ts';
import { auditQueryEntries, findTenantHash, toPageJson } from './audit-query.ts';

/** The query of `GET /audit/acts`. */
export const actQuerySchema = v.strictObject(auditQueryEntries);

/** `GET /audit/acts`: what operators did, oldest first. */
export const listActs: ApiHandle = async ({ http }, services) => {
  const query = parseInput(actQuerySchema, Object.fromEntries(http.query));
  const page = await services.audit.listActs({
    tenantHash: await findTenantHash(query.tenant, services),
    since: query.since,
    after: query.cursor,
    limit: query.limit,
  });
  return { jsonBody: toPageJson(page, toActJson) };
};

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
