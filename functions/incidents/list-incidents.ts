import * as v from 'valibot';
import { pageSizeSchema } from '../input/page-size.ts';
import { listOf } from '../input/read-query.ts';
import { tagSchema } from '../input/tenant.ts';
import { instantSchema } from '../input/timestamp.ts';
import { apiRoute } from '../route.ts';
import { toCoverageJson } from './coverage-json.ts';
import { toIncidentJson } from './incident-json.ts';
import { pageEntries, SEVERITIES, STATUSES } from './incident-query.ts';

/** The query of the list; `tag` is one of the tenant. */
export const incidentQuerySchema = v.strictObject({
  ...pageEntries,
  tag: v.optional(tagSchema),
  severity: v.optional(listOf(SEVERITIES)),
  status: v.optional(listOf(STATUSES)),
  assigned_to: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(320))),
  updated_since: v.optional(instantSchema),
  created_since: v.optional(instantSchema),
  limit: pageSizeSchema,
});

/** `GET /incidents`: stored incidents of every tenant that the caller is granted, with their coverage. */
export const listIncidents = apiRoute({
  id: 'listIncidents',
  method: 'GET',
  path: 'api/incidents',
  role: 'Incidents.Read',
  summary:
    'See the incidents of every tenant that is granted, by tenant and newest id first. A page may be short, even empty, while there is a next_cursor.',
  query: incidentQuerySchema,
  lists: ['severity', 'status'],
  answers: { 200: 'IncidentPage' },
  errors: ['invalid_request', 'access_denied'],
  handle: async ({ query, caller }, services) => {
    const { severity, status, assigned_to, updated_since, created_since, ...rest } = query;
    const page = await services.incidents.list({
      ...rest,
      caller,
      tenant: query.tenant,
      tag: query.tag,
      cursor: query.cursor,
      severities: severity,
      statuses: status,
      assignedTo: assigned_to,
      updatedSince: updated_since,
      createdSince: created_since,
    });
    return {
      jsonBody: {
        value: page.incidents.map((one) => toIncidentJson(one, services.incidents.portalUrl)),
        next_cursor: page.next,
        coverage: page.coverage.map(toCoverageJson),
      },
    };
  },
});
