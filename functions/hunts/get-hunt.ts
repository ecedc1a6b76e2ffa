import * as v from 'valibot';
import { mapAll } from '../../shared/concurrency.ts';
import type { HuntedTenant } from '../../shared/hunting/admin/hunts.ts';
import { HUNT_PROBLEMS } from '../../shared/hunting/verdict.ts';
import { pageSizeSchema } from '../input/page-size.ts';
import { apiRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { toHuntJson, toTenantJson } from './hunt-json.ts';

/** Links that are made at once. */
const CONCURRENCY = 8;

/** The query of one hunt; a cursor is a place among its customers. */
const tenantsQuerySchema = v.strictObject({
  cursor: v.optional(
    v.pipe(v.string(), v.regex(/^\d{1,6}$/, 'Send next_cursor.'), v.transform(Number)),
    '0',
  ),
  limit: pageSizeSchema,
});

/** `GET /hunts/{hunt_id}`: how far a hunt is, customer by customer. */
export const getHunt = apiRoute({
  id: 'getHunt',
  method: 'GET',
  path: 'api/hunts/{hunt_id}',
  role: 'Hunting.Run',
  summary: 'See how far a hunt is: each customer with its verdict, owner and remedy.',
  query: tenantsQuerySchema,
  answers: { 200: 'HuntStatus' },
  errors: ['invalid_request', 'hunt_not_found'],
  handle: async ({ params, query, caller }, services) => {
    const { hunts } = await services.loadHunting();
    const { cursor: from, limit } = query;
    const state = await hunts.getTenants(caller, params.hunt_id, { from, limit });
    const { hunt, progress, tenants } = state;
    const next = from + tenants.length;
    return {
      jsonBody: {
        ...toHuntJson(state),
        query: await hunts.findQuery(hunt),
        value: await mapAll(tenants, CONCURRENCY, async (one) =>
          toTenantJson(one, { hunt, consentUrl: await findConsentUrl(one, services) }),
        ),
        next_cursor: next < progress.total ? String(next) : undefined,
      },
    };
  },
});

/** What the customer's admin can repair carries the link to do so. */
async function findConsentUrl(
  { run, tenant }: HuntedTenant,
  { getConsentUrl }: Pick<Services, 'getConsentUrl'>,
): Promise<string | undefined> {
  const { problem, endedAt } = run;
  if (!tenant || endedAt === undefined || problem === undefined) return undefined;
  const { verdict, owner } = HUNT_PROBLEMS[problem];
  const isRepairable = verdict === 'consent_missing' && owner === 'customer';
  return isRepairable ? await getConsentUrl(tenant) : undefined;
}
