import * as v from 'valibot';
import type { ListPage } from '../../shared/incidents/list/list-incidents.ts';
import type { ListQuery } from '../../shared/incidents/list/list-query.ts';
import { tagSchema } from '../../shared/tenants/tenant-settings.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { listOf } from '../input/read-query.ts';
import { instantSchema } from '../input/timestamp.ts';
import { apiRoute } from '../route.ts';
import { toCoverageJson, toFleetJson } from './coverage-json.ts';
import { toListedJson } from './incident-json.ts';
import { INCLUDES, pageEntries, SEVERITIES, STATUSES } from './incident-query.ts';

/** The query of the list; `tag` is one of the tenant. */
const incidentQuerySchema = v.strictObject({
  ...pageEntries,
  tag: v.optional(tagSchema),
  severity: v.optional(listOf(SEVERITIES)),
  status: v.optional(listOf(STATUSES)),
  assigned_to: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(320))),
  updated_since: v.optional(instantSchema),
  created_since: v.optional(instantSchema),
  order: v.optional(v.picklist(['tenant', 'updated']), 'tenant'),
  include: v.optional(listOf(INCLUDES)),
  limit: pageSizeSchema,
});

/**
 * `GET /incidents`: stored incidents of every tenant that the caller is granted, with their
 * coverage.
 */
export const listIncidents = apiRoute({
  id: 'listIncidents',
  method: 'GET',
  path: 'api/incidents',
  role: 'Incidents.Read',
  work: 'list',
  summary:
    'See the incidents of every tenant that is granted, by tenant and newest id first, or the last updated of all first. A page may be short, even empty, while there is a next_cursor. Needs a grant of incidents.',
  query: incidentQuerySchema,
  lists: ['severity', 'status', 'include'],
  answers: { 200: 'IncidentPage' },
  errors: ['invalid_request', 'access_denied'],
  handle: async ({ query, caller }, { incidents, findTenantNames }) => {
    const { portalUrl } = incidents;
    const { order, include, severity, status, ...rest } = query;
    const asked: ListQuery = {
      caller,
      tenant: rest.tenant,
      tag: rest.tag,
      cursor: rest.cursor,
      severities: severity,
      statuses: status,
      assignedTo: rest.assigned_to,
      updatedSince: rest.updated_since,
      createdSince: rest.created_since,
      limit: rest.limit,
      withRaw: include !== undefined,
    };
    const toJson = async ({ incidents: page, raws }: Pick<ListPage, 'incidents' | 'raws'>) => {
      const names = await findTenantNames(page.map(({ tenantId }) => tenantId));
      return page.map((one) => toListedJson(one, { portalUrl, raws, include, names }));
    };
    if (order === 'tenant') {
      const page = await incidents.list(asked);
      const coverage = page.coverage.map(toCoverageJson);
      return { jsonBody: { value: await toJson(page), next_cursor: page.next, coverage } };
    }
    const page = await incidents.listNewest(asked);
    return {
      jsonBody: {
        value: await toJson(page),
        next_cursor: page.next,
        ...(page.unreadable > 0 && { unreadable: page.unreadable }),
        coverage: [],
        fleet_coverage: toFleetJson(page.coverage),
      },
    };
  },
});
