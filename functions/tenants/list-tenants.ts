import * as v from 'valibot';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import type { ApiHandle } from '../api.ts';
import { pageSizeSchema, parseInput } from '../request-body.ts';
import { toTenantJson } from './tenant-json.ts';

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
export const tenantQuerySchema = v.object({
  status: v.optional(v.picklist(TENANT_STATUSES)),
  tag: v.optional(v.pipe(v.string(), v.maxLength(40))),
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
  limit: pageSizeSchema,
});

/** `GET /tenants`: every tenant, whatever its status, in GUID order. */
export const listTenants: ApiHandle = async ({ http }, { administration }) => {
  const query = parseInput(tenantQuerySchema, Object.fromEntries(http.query));
  const { tenants, next } = await administration.list({
    status: query.status,
    tag: query.tag,
    after: query.cursor?.toLowerCase(),
    limit: query.limit,
  });
  return { jsonBody: { value: tenants.map(toTenantJson), next_cursor: next } };
};
