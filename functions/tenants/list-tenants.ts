import * as v from 'valibot';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import type { ApiHandle } from '../api.ts';
import { parseInput } from '../request-body.ts';
import { toTenantJson } from './tenant-json.ts';

const LARGEST_PAGE = 500;

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
export const tenantQuerySchema = v.object({
  status: v.optional(v.picklist(TENANT_STATUSES)),
  tag: v.optional(v.pipe(v.string(), v.maxLength(40))),
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
  limit: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,3}$/),
      v.transform(Number),
      v.minValue(1),
      v.maxValue(LARGEST_PAGE),
    ),
    '100',
  ),
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
