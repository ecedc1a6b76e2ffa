import * as v from 'valibot';
import type { Customer } from '../../shared/overview/list-customers.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { toDataJson } from '../incidents/coverage-json.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { tagSchema } from '../input/tenant.ts';
import { apiRoute } from '../route.ts';
import { toTenantJson } from './tenant-json.ts';

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
export const tenantQuerySchema = v.strictObject({
  status: v.optional(v.picklist(TENANT_STATUSES)),
  tag: v.optional(tagSchema),
  q: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
  limit: pageSizeSchema,
});

/** `GET /tenants`: every tenant, whatever its status, in GUID order. */
export const listTenants = apiRoute({
  id: 'listTenants',
  method: 'GET',
  path: 'api/tenants',
  role: 'Tenants.Read',
  summary: 'See every tenant, whatever its status, in pages.',
  query: tenantQuerySchema,
  answers: { 200: 'TenantPage' },
  errors: ['invalid_request'],
  handle: async ({ query }, { listCustomers }) => {
    const { customers, next } = await listCustomers({
      status: query.status,
      tag: query.tag,
      text: query.q,
      after: query.cursor?.toLowerCase(),
      limit: query.limit,
    });
    return { jsonBody: { value: customers.map(toCustomerJson), next_cursor: next } };
  },
});

function toCustomerJson({ tenant, report }: Customer) {
  return { ...toTenantJson(tenant), data: toDataJson(report) };
}
