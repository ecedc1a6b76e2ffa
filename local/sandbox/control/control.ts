import { findTenant } from '../../entra/directory.ts';
import type { Handle } from '../../serve.ts';
import type { ToolName } from '../partner.ts';
import { SCENARIOS } from '../scenarios.ts';
import { answerPage } from './control-page.ts';
import type { ControlParts } from './control-parts.ts';

/** What a switch or a timer answered: with an error, or what it did. */
interface ControlResult {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly did?: string;
    readonly [field: string]: unknown;
  };
}

/**
 * `GET /` is a page with all switches. For commands: `GET /sandbox/` lists customers and switches,
 * `GET /sandbox/token/{tool}` gives a caller token as plain text, `GET /sandbox/client/{tool}` a
 * tool's `client_id:client_secret` for `curl -u`, `POST /sandbox/scenarios/{name}?tenant={domain}`
 * throws a switch, `POST /sandbox/timers/{name}` runs a timer now.
 */
export function createControl(parts: ControlParts): Handle {
  return async (request) => {
    const url = new URL(request.url);
    if (request.method === 'GET') return await answerGet(parts, url);
    if (request.method === 'POST') return await answerPost(parts, request, url);
    return toAnswer(NOT_FOUND);
  };
}

async function answerGet(parts: ControlParts, url: URL): Promise<Response> {
  const [, area, what, name = ''] = url.pathname.split('/');
  if (area === '') return answerPage(parts, url);
  if (what === 'token') return await answerToken(parts, name);
  if (what === 'client') return answerClient(parts, name);
  return what ? toAnswer(NOT_FOUND) : Response.json(describe(parts));
}

async function answerPost(parts: ControlParts, request: Request, url: URL): Promise<Response> {
  const [, , what, name = ''] = url.pathname.split('/');
  if (isFromElsewhere(request, url)) return toAnswer(FORBIDDEN);
  const fields = await readFields(request, url);
  const result = await act(parts, { what, name, tenant: fields.get('tenant') ?? '' });
  return fields.has('page') ? toPage(url, result, fields) : toAnswer(result);
}

const NOT_FOUND = { status: 404, body: { error: 'There is no such switch. See GET /sandbox/.' } };
const FORBIDDEN = { status: 403, body: { error: 'Another site may not throw switches.' } };

/** A page of another site could post a form here. */
function isFromElsewhere({ headers }: Request, { origin }: URL): boolean {
  return (headers.get('origin') ?? origin) !== origin;
}

/** The query, and the fields of the page's form. */
async function readFields(request: Request, url: URL): Promise<URLSearchParams> {
  const isForm = request.headers.get('content-type')?.startsWith('application/x-www-form');
  const form = new URLSearchParams(isForm ? await request.text() : '');
  return new URLSearchParams([...url.searchParams, ...form]);
}

async function act(
  parts: ControlParts,
  { what, name, tenant }: { readonly what?: string | undefined; name: string; tenant: string },
): Promise<ControlResult> {
  if (what === 'scenarios') return await throwSwitch(parts, name, tenant);
  if (what === 'timers') return await runTimer(parts, name);
  return NOT_FOUND;
}

function toAnswer({ status, body }: ControlResult): Response {
  return Response.json(body, { status });
}

/** Back to the page, which says what was done. */
function toPage({ origin }: URL, { body }: ControlResult, fields: URLSearchParams): Response {
  const tenant = fields.get('tenant') ?? '';
  const what = body.error ?? body.did ?? '';
  const said = body.tenant === undefined ? what : `${body.tenant}: ${what}`;
  const query = new URLSearchParams({ tenant, said });
  return new Response(null, { status: 303, headers: { location: `${origin}/?${query}` } });
}

async function answerToken({ getToken }: ControlParts, name: string): Promise<Response> {
  const tool = findTool(name);
  if (!tool) return toAnswer(NO_TOOL);
  try {
    return new Response(await getToken(tool));
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 503 });
  }
}

/** What the tool shows to the standard OAuth face. */
function answerClient({ partner }: ControlParts, name: string): Response {
  const tool = findTool(name);
  if (!tool) return toAnswer(NO_TOOL);
  const { clientId, secret } = partner.tools[tool];
  return new Response(`${clientId}:${secret}`);
}

const NO_TOOL = { status: 404, body: { error: 'The tools are operator and playbook.' } };

function findTool(name: string): ToolName | undefined {
  if (name === 'operator' || name === 'playbook') return name;
  return name === '' ? 'operator' : undefined;
}

async function runTimer(parts: ControlParts, timer: string): Promise<ControlResult> {
  try {
    await parts.runTimer(timer);
    return { status: 200, body: { timer, did: `The timer ${timer} ran.` } };
  } catch (error) {
    return { status: 500, body: { timer, error: String(error) } };
  }
}

async function throwSwitch(
  parts: ControlParts,
  name: string,
  domain: string,
): Promise<ControlResult> {
  const scenario = SCENARIOS[name];
  const { partner, onSwitch } = parts;
  if (!scenario) return { status: 404, body: { error: `There is no scenario ${name}.` } };
  const tenant = scenario.perTenant ? findTenant(partner.directory, domain) : undefined;
  if (scenario.perTenant && !tenant) {
    return { status: 400, body: { error: 'Name a customer: ?tenant=contoso.example' } };
  }
  const where = { tenantId: tenant?.tenantId ?? '', clientId: partner.client.clientId };
  await scenario.apply({ partner, microsoft: parts.getMicrosoft(), life: parts.getLife() }, where);
  onSwitch?.(name, tenant?.defaultDomain);
  const did = scenario.description;
  return { status: 200, body: { scenario: name, tenant: tenant?.defaultDomain, did } };
}

function describe({ customers, getMicrosoft }: ControlParts) {
  const { defender, graph } = getMicrosoft();
  const calls = Map.groupBy([...defender.requests, ...graph.requests], (one) => one.tenantId);
  return {
    customers: customers.map(({ name, state, tenant, admin }) => ({
      name,
      state,
      tenant: tenant.defaultDomain,
      tenant_id: tenant.tenantId,
      admin,
      incident_calls: calls.get(tenant.tenantId)?.length ?? 0,
    })),
    scenarios: Object.entries(SCENARIOS).map(([name, { description, perTenant }]) => ({
      post: `/sandbox/scenarios/${name}${perTenant ? '?tenant={domain}' : ''}`,
      description,
    })),
  };
}
