import * as v from 'valibot';
import { TENANT_STATUSES } from '../../shared/tenants/tenant.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { tagSchema } from '../input/tenant.ts';
import { apiRoute } from '../route.ts';
import { toTenantJson } from './tenant-json.ts';

/** The query of the list; `cursor` is the `next_cursor` of the page before. */
export const tenantQuerySchema = v.strictObject({
  status: v.optional(v.picklist(TENANT_STATUSES)),
  tag: v.optional(tagSchema),
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
  handle: async ({ query }, { administration }) => {
    const { tenants, next } = await administration.list({
      status: query.status,
      tag: query.tag,
      after: query.cursor?.toLowerCase(),
      limit: query.limit,
    });
    return { jsonBody: { value: tenants.map(toTenantJson), next_cursor: next } };
  },
});
