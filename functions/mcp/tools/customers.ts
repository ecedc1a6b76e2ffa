import * as v from 'valibot';
import { TENANT_STATUSES } from '../../../shared/tenants/tenant.ts';
import { tagSchema } from '../../../shared/tenants/tenant-settings.ts';
import { toDataJson, toSyncJson } from '../../incidents/coverage-json.ts';
import { toTenantJson } from '../../tenants/tenant-json.ts';
import { loadFitting } from '../answer-size.ts';
import { defineTool } from '../tool.ts';
import { toVisible } from '../untrusted.ts';
import { limitInput, tenantInput } from './inputs.ts';

/** Finds customers; their ids are what every other tool wants. */
export const listCustomersTool = defineTool({
  name: 'list_customers',
  title: 'List customers',
  description:
    'Lists the customers of the partner with id, status and age of their incidents, by id. Names are in the object untrusted.',
  role: 'Tenants.Read',
  work: 'list',
  input: v.strictObject({
    text: v.optional(v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100))),
    status: v.optional(v.picklist(TENANT_STATUSES)),
    tag: v.optional(tagSchema),
    cursor: v.optional(v.pipe(v.string(), v.uuid())),
    limit: limitInput,
  }),
  run: ({ text, status, tag, cursor, limit }, { services }) =>
    loadFitting(limit, async (rows) => {
      const after = cursor?.toLowerCase();
      const page = await services.listCustomers({ text, status, tag, after, limit: rows });
      const customers = page.customers.map(({ tenant, report }) => {
        const { tenant_id, display_name, ...json } = toTenantJson(tenant);
        const data = toDataJson(report);
        return { tenant_id, ...json, data, untrusted: toVisible({ display_name }) };
      });
      return { customers, next_cursor: page.next };
    }),
});

/** Shows one customer as operators see it. */
export const getCustomerTool = defineTool({
  name: 'get_customer',
  title: 'Get a customer',
  description:
    'Shows one customer: status, app roles granted and missing, last error with owner and remedy, the sync of its incidents.',
  role: 'Tenants.Read',
  input: v.strictObject({ tenant: tenantInput }),
  run: async ({ tenant: name }, { services }) => {
    const tenant = await services.administration.get(name);
    const { tenant_id, display_name, ...json } = toTenantJson(tenant);
    const sync = toSyncJson(await services.incidents.getSync(tenant), tenant);
    return { tenant_id, ...json, sync, untrusted: toVisible({ display_name }) };
  },
});
