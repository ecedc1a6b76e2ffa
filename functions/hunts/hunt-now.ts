import { BrokerError } from '../../shared/errors.ts';
import type { HuntedNow } from '../../shared/hunting/admin/hunt-now.ts';
import type { Hunt } from '../../shared/hunting/hunt.ts';
import { hasEnded } from '../../shared/hunting/hunt.ts';
import { HUNTING_ROLE } from '../../shared/hunting/run/find-target.ts';
import { HUNT_PROBLEMS, type HuntProblem } from '../../shared/hunting/verdict.ts';
import { EXAMPLE_QUERY } from '../examples.ts';
import { apiRoute } from '../route.ts';
import type { Services } from '../services.ts';
import { huntNowRequestSchema, MAX_HUNT_BODY_BYTES, toQueryInput } from './hunt-body.ts';
import { toHuntJson, toRefusalJson, toVerdictJson } from './hunt-json.ts';
import { toPageAnswer } from './page-answer.ts';

/** `POST /tenants/{tenant}/hunt`: asks one customer now. */
export const huntTenant = apiRoute({
  id: 'huntTenant',
  method: 'POST',
  path: 'api/tenants/{tenant}/hunt',
  role: 'Hunting.Run',
  work: 'hunt',
  summary: 'Ask one customer now: the rows within 100 seconds, or a hunt that goes on (202).',
  body: huntNowRequestSchema,
  maxBodyBytes: MAX_HUNT_BODY_BYTES,
  examples: { devices: { summary: 'Its devices', value: { query: EXAMPLE_QUERY } } },
  answers: { 200: 'HuntedTenant', 202: 'Hunt' },
  errors: [
    'invalid_request',
    'access_denied',
    'query_not_found',
    'consent_required',
    'missing_roles',
    'tenant_disabled',
  ],
  handle: async ({ params, body, caller, correlationId }, services) => {
    const hunting = await services.loadHunting();
    const { timespan, max_rows: maxRows } = body;
    const common = { timespan, maxRows, maxTotalRows: undefined, name: undefined };
    const done = { act: 'hunt.create', actor: caller.id, correlationId } as const;
    const input = {
      caller,
      query: toQueryInput(body),
      ...common,
      record: ({ id }: Hunt, [tenantId]: readonly string[]) =>
        services.recordEvent({ ...done, subject: id, tenantId }),
    };
    const hunted = await hunting.huntNow(params.tenant, input);
    const { hunt, progress, run, tenant } = hunted;
    if (!hasEnded(run)) {
      const json = toHuntJson(hunted);
      return { status: 202, jsonBody: json, headers: { location: json.status_url } };
    }
    await assertAsked(hunted, services);
    const page = await hunting.readResults({
      caller,
      hunt,
      progress,
      cursor: undefined,
      format: 'json',
    });
    const { tenantId: tenant_id, displayName: tenant_name } = tenant;
    const { rows, calls, problem } = run;
    const verdict = { ...toVerdictJson(problem), ...toRefusalJson(run, hunt) };
    const about = { hunt_id: hunt.id, tenant_id, tenant_name, ...verdict, rows, calls };
    return toPageAnswer(page, { about, format: 'json', toResultsUrl: hunting.toResultsUrl });
  },
});

/** What keeps a caller from asking at all is an error, as on other routes about one tenant. */
async function assertAsked(
  { run, hunt, tenant }: HuntedNow,
  { getConsentUrl }: Pick<Services, 'getConsentUrl'>,
): Promise<void> {
  const { problem } = run;
  const code = problem && ERRORS[problem];
  if (!problem || !code) return;
  const { owner, description, remedy } = HUNT_PROBLEMS[problem];
  const { microsoft, line, column } = toRefusalJson(run, hunt);
  const place = line === undefined ? '' : ` (line ${line}, column ${column})`;
  const words =
    microsoft === undefined ? description : `Microsoft refuses the query${place}: ${microsoft}`;
  const isConsent = code === 'consent_required' || code === 'missing_roles';
  throw new BrokerError(code, words, {
    owner,
    remedy,
    ...(isConsent && { consentUrl: await getConsentUrl(tenant) }),
    ...(code === 'missing_roles' && { missingRoles: [HUNTING_ROLE] }),
    ...(code === 'temporarily_unavailable' && { retryAfterSeconds: 60 }),
    // Microsoft's sentence holds words of the query.
    ...(microsoft !== undefined && { logDescription: description }),
  });
}

const ERRORS: Readonly<Partial<Record<HuntProblem, BrokerError['code']>>> = {
  query_refused: 'invalid_request',
  query_too_long: 'invalid_request',
  not_granted: 'access_denied',
  role_missing: 'missing_roles',
  consent_missing: 'consent_required',
  consent_in_proof: 'temporarily_unavailable',
  tenant_disabled: 'tenant_disabled',
};
