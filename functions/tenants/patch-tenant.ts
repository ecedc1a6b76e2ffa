import * as v from 'valibot';
import { INCIDENT_SOURCES } from '../../shared/resources/incident-sources.ts';
import type { TenantPatch } from '../../shared/tenant-administration.ts';
import { SETTINGS, toSettingsPatch } from '../../shared/tenants/tenant-settings.ts';
import { listLiveTokens } from '../audit/list-issuances.ts';
import { readPrecondition } from '../input/precondition.ts';
import { apiRoute } from '../route.ts';
import { toTenantResponse } from './get-tenant.ts';

/** The body of a change: what is left out stays as it is. */
const tenantPatchSchema = v.pipe(
  v.strictObject({
    status: v.optional(v.picklist(['active', 'disabled'])),
    ...Object.fromEntries(SETTINGS.map(({ name, schema }) => [name, v.optional(schema)])),
    incident_source: v.optional(v.nullable(v.picklist(INCIDENT_SOURCES))),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/**
 * `PATCH /tenants/{tenant}`: stops or starts a tenant, names and tags it, chooses where its
 * incidents are read and how long they are kept.
 */
export const patchTenant = apiRoute({
  id: 'patchTenant',
  method: 'PATCH',
  path: 'api/tenants/{tenant}',
  role: 'Tenants.Manage',
  summary:
    'Disable or enable a tenant, name and tag it, choose where its incidents are read and how long they are kept.',
  body: tenantPatchSchema,
  examples: {
    tags: {
      summary: 'Name and tag it',
      value: { display_name: 'Contoso Ltd', tags: ['gold', 'emea'] },
    },
    disable: { summary: 'Serve it no longer', value: { status: 'disabled' } },
    enable: { summary: 'Serve it again, after a proof', value: { status: 'active' } },
    source: {
      summary: 'Read its incidents from Graph from the next sync on',
      value: { incident_source: 'graph' },
    },
    retention: {
      summary: 'Keep its incidents for a year after their last change',
      value: { incident_retention_days: 365 },
    },
  },
  answers: { 200: 'Tenant' },
  hasETag: true,
  conditions: ['if-match'],
  errors: ['invalid_request', 'tenant_not_found', 'precondition_failed'],
  handle: async ({ http, params, body, caller, correlationId }, services) => {
    const patch = { ...toPatch(body), precondition: readPrecondition(http) };
    const { tenant, fitting } = await services.explainConflict({ tenant: params.tenant }, () =>
      services.administration.patch(params.tenant, patch),
    );
    const { tenantId } = tenant;
    const { status } = body;
    const detail = status ?? Object.keys(body).join(' ');
    const done = { act: 'tenant.patch', tenantId, detail, changes: fitting } as const;
    await services.recordEvent({ ...done, actor: caller.id, correlationId });
    const { headers, jsonBody } = await toTenantResponse(tenant, services);
    if (status !== 'disabled') return { headers, jsonBody };
    const { json } = await listLiveTokens(services, { tenantId });
    return { headers, jsonBody: { ...jsonBody, ...json } };
  },
});

function toPatch(body: v.InferOutput<typeof tenantPatchSchema>): TenantPatch {
  const { status, incident_source } = body;
  return {
    ...toSettingsPatch(body),
    status,
    incidentSource: incident_source === null ? 'default' : incident_source,
  };
}
