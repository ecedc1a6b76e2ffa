import * as v from 'valibot';
import type { OpenIncidents } from '../../shared/incidents/open-incidents.ts';
import type { Customer } from '../../shared/overview/list-customers.ts';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { tagSchema } from '../../shared/tenants/tenant-settings.ts';
import { toTenantVersion } from '../../shared/tenants/tenant-version.ts';
import { toDataJson } from '../incidents/coverage-json.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { toEntityTag } from '../input/precondition.ts';
import { listOf } from '../input/read-query.ts';
import { apiRoute } from '../route.ts';
import { toTenantJson } from './tenant-json.ts';

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
const tenantQuerySchema = v.strictObject({
  status: v.optional(v.picklist(TENANT_STATUSES)),
  tag: v.optional(tagSchema),
  q: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
  cursor: v.optional(v.pipe(v.string(), v.uuid())),
  include: v.optional(listOf(['open_incidents'])),
  limit: pageSizeSchema,
});

/** `GET /tenants`: every tenant, whatever its status, in GUID order. */
export const listTenants = apiRoute({
  id: 'listTenants',
  method: 'GET',
  path: 'api/tenants',
  role: 'Tenants.Read',
  work: 'list',
  summary:
    'See every tenant, whatever its status, in pages. With include=open_incidents each shows how many incidents are open, where the caller may read them.',
  query: tenantQuerySchema,
  lists: ['include'],
  answers: { 200: 'TenantPage' },
  errors: ['invalid_request'],
  handle: async ({ query, caller }, { listCustomers, incidents }) => {
    const { customers, next } = await listCustomers({
      status: query.status,
      tag: query.tag,
      text: query.q,
      after: query.cursor?.toLowerCase(),
      limit: query.limit,
    });
    const tenants = query.include ? customers.map(({ tenant }) => tenant) : [];
    const open = await incidents.countOpen(caller, tenants);
    const value = customers.map((one) => toCustomerJson(one, open.get(one.tenant.tenantId)));
    return { jsonBody: { value, next_cursor: next } };
  },
});

function toCustomerJson({ tenant, report }: Customer, open: OpenIncidents | undefined) {
  return {
    ...toTenantJson(tenant),
    etag: toEntityTag(toTenantVersion(tenant)),
    data: toDataJson(report),
    ...(open && {
      open_incidents: { ...(open.isMore && { at_least: true }), by_severity: open.bySeverity },
    }),
  };
}
