import * as v from 'valibot';
import { INCIDENT_SOURCES } from '../../shared/incidents/incident.ts';
import { TAG } from '../../shared/tenants/tenant.ts';
import type { ApiHandle } from '../api.ts';
import { toLiveTokenJson } from '../audit/list-issuances.ts';
import { readJson } from '../request-body.ts';
import { toTenantResponse } from './get-tenant.ts';

const MOST_TAGS = 20;

/** The body of a change: what is left out stays as it is. */
export const tenantPatchSchema = v.pipe(
  v.strictObject({
    status: v.optional(v.picklist(['active', 'disabled'])),
    tags: v.optional(v.pipe(v.array(v.pipe(v.string(), v.regex(TAG))), v.maxLength(MOST_TAGS))),
    display_name: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
    incident_source: v.optional(v.nullable(v.picklist(INCIDENT_SOURCES))),
  }),
  v.check((patch) => Object.values(patch).some((value) => value !== undefined)),
);

/** `PATCH /tenants/{tenant}`: stops or starts a tenant, names and tags it, chooses where its incidents are read. */
export const patchTenant: ApiHandle = async ({ http, caller, correlationId }, services) => {
  const patch = await readJson(http, tenantPatchSchema);
  const { status, tags, display_name, incident_source } = patch;
  const tenant = await services.administration.patch(http.params.tenant ?? '', {
    status,
    tags: tags && [...new Set(tags)],
    displayName: display_name,
    incidentSource: incident_source === null ? 'default' : incident_source,
  });
  const { tenantId } = tenant;
  const detail = status ?? Object.keys(patch).join(' ');
  const done = { act: 'tenant.patch', tenantId, detail } as const;
  await services.recordAct({ ...done, actor: caller.id, correlationId });
  const { jsonBody } = await toTenantResponse(tenant, services);
  if (status !== 'disabled') return { jsonBody };
  const live = await services.audit.listLive({ tenantId });
  return { jsonBody: { ...jsonBody, live_tokens: live.map(toLiveTokenJson) } };
};
