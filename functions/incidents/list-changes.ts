import * as v from 'valibot';
import { CHANGE_KINDS, type SequencedChange } from '../../shared/incidents/feed/change-feed.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { listOf } from '../input/read-query.ts';
import { timeSchema } from '../input/timestamp.ts';
import { apiRoute } from '../route.ts';
import { toFleetJson } from './coverage-json.ts';
import { toIncidentJson, toListedJson } from './incident-json.ts';
import { INCLUDES, pageEntries, SEVERITIES } from './incident-query.ts';

const MAX_WAIT_SECONDS = 30;

/** The query of the feed: `since` counts without a cursor only; `wait` in seconds. */
const changesQuerySchema = v.strictObject({
  ...pageEntries,
  severity: v.optional(listOf(SEVERITIES)),
  kind: v.optional(listOf(CHANGE_KINDS)),
  include: v.optional(listOf(INCLUDES)),
  since: v.optional(timeSchema),
  limit: pageSizeSchema,
  wait: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,2}$/, 'Use 0 to 30 seconds.'),
      v.transform(Number),
      v.number(),
      v.integer(),
      v.minValue(0),
      v.maxValue(MAX_WAIT_SECONDS),
    ),
    '0',
  ),
});

/**
 * `GET /incidents/changes`: what happened to incidents, in order, at least once, from any cursor of
 * 30 days.
 */
export const listIncidentChanges = apiRoute({
  id: 'listIncidentChanges',
  method: 'GET',
  path: 'api/incidents/changes',
  role: 'Incidents.Read',
  work: 'list',
  summary:
    'Follow what happens to incidents: in order, at least once, from any cursor of the last 30 days. Without cursor and since it begins with the oldest change. Needs a grant of incidents.',
  query: changesQuerySchema,
  lists: ['severity', 'kind', 'include'],
  answers: { 200: 'IncidentChangePage' },
  errors: ['invalid_request', 'access_denied'],
  handle: async ({ query, caller }, services) => {
    if (query.wait > 0) services.budgets.spend(caller.id, 'long_poll');
    const { changes, raws, next, hasMore, unreadable, coverage } =
      await services.incidents.readChanges({
        caller,
        tenant: query.tenant,
        cursor: query.cursor,
        severities: query.severity,
        kinds: query.kind,
        since: query.since,
        limit: query.limit,
        withRaw: query.include !== undefined,
        waitMs: query.wait * 1000,
      });
    const options = { portalUrl: services.incidents.portalUrl, include: query.include };
    return {
      jsonBody: {
        value: changes.map((change) => ({
          ...toFactsJson(change),
          incident: toListedJson(change.incident, { ...options, raws }),
        })),
        next_cursor: next,
        has_more: hasMore,
        ...(unreadable > 0 && { unreadable }),
        coverage: toFleetJson(coverage),
      },
    };
  },
});

/** A change as notifications show it. */
export function toChangeJson(change: SequencedChange, portalUrl: string) {
  return { ...toFactsJson(change), incident: toIncidentJson(change.incident, portalUrl) };
}

function toFactsJson({ sequence, kind, recordedAt }: SequencedChange) {
  return { sequence, kind, recorded_at: new Date(recordedAt).toISOString() };
}
