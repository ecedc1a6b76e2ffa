import { findTenant } from '../entra/directory.ts';
import type { Handle } from '../serve.ts';
import type { Customer } from './customers.ts';
import type { IncidentLife } from './incident-life.ts';
import type { Microsoft } from './microsoft.ts';
import type { Partner, ToolName } from './partner.ts';
import { SCENARIOS } from './scenarios.ts';

/** What the switches of a sandbox act on. */
export interface ControlParts {
  readonly partner: Partner;
  readonly customers: readonly Customer[];
  readonly getToken: (tool: ToolName) => Promise<string>;
  readonly getMicrosoft: () => Microsoft;
  readonly getLife: () => IncidentLife;
  /** Runs a timer of the broker now; rejects when there is none of that name, or when it fails. */
  readonly runTimer: (name: string) => Promise<void>;
}

/**
 * `GET /sandbox/` lists customers and switches, `GET /sandbox/token/{tool}` gives a caller token as plain text,
 * `POST /sandbox/scenarios/{name}?tenant={domain}` throws a switch, `POST /sandbox/timers/{name}` runs a timer now.
 */
export function createControl(parts: ControlParts): Handle {
  return async (request) => {
    const url = new URL(request.url);
    const [, , what, name = ''] = url.pathname.split('/');
    if (request.method === 'GET' && what === 'token') return await answerToken(parts, name);
    if (request.method === 'GET' && !what) return Response.json(describe(parts));
    if (request.method === 'POST' && what === 'scenarios') return await apply(parts, name, url);
    if (request.method === 'POST' && what === 'timers') return await runTimer(parts, name);
    return Response.json({ error: 'There is no such switch. See GET /sandbox/.' }, { status: 404 });
  };
}

async function answerToken({ getToken }: ControlParts, name: string): Promise<Response> {
  if (name !== 'operator' && name !== 'playbook' && name !== '') {
    return Response.json({ error: 'The tools are operator and playbook.' }, { status: 404 });
  }
  try {
    return new Response(await getToken(name === 'playbook' ? 'playbook' : 'operator'));
  } catch (error) {
    return Response.json({ error: String(error) }, { status: 503 });
  }
}

async function runTimer(parts: ControlParts, timer: string): Promise<Response> {
  try {
    await parts.runTimer(timer);
    return Response.json({ timer });
  } catch (error) {
    return Response.json({ timer, error: String(error) }, { status: 500 });
  }
}

async function apply(parts: ControlParts, name: string, url: URL): Promise<Response> {
  const scenario = SCENARIOS[name];
  const { partner } = parts;
  const tenant = findTenant(partner.directory, url.searchParams.get('tenant') ?? '');
  if (!scenario) return Response.json({ error: `There is no scenario ${name}.` }, { status: 404 });
  if (scenario.perTenant && !tenant) {
    return Response.json({ error: 'Name a customer: ?tenant=contoso.example' }, { status: 400 });
  }
  const where = { tenantId: tenant?.tenantId ?? '', clientId: partner.client.clientId };
  await scenario.apply({ partner, microsoft: parts.getMicrosoft(), life: parts.getLife() }, where);
  return Response.json({
    scenario: name,
    tenant: tenant?.defaultDomain,
    did: scenario.description,
  });
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
