import { BrokerError } from '../errors.ts';
import type { ResourceName } from '../resources/resources.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import type { ResolveTenant } from '../tenants/tenant-name.ts';
import { parseCallerId } from './grant-administration.ts';
import type { GrantStore, Grants } from './grants.ts';
import { findOperationPattern, type Operation } from './operation.ts';
import { BLOCKED_DENY, DEFAULT_DENY, type Decision, decide } from './policy.ts';

/** What a caller would get, and why. */
interface Simulation {
  readonly callerId: string;
  readonly mode: Grants['mode'] | undefined;
  /** `undefined`: Entra knows no such domain. */
  readonly tenantId: string | undefined;
  /** `undefined`: the broker knows no such tenant. */
  readonly tenant: Tenant | undefined;
  readonly decision: Decision;
  /** One sentence. */
  readonly why: string;
}

/** Says what a caller would get now; its app role, which only Entra knows, is taken for held. */
export type Simulate = (question: {
  readonly caller: string;
  readonly tenant: string;
  readonly resource: string;
  /** A call through the proxy, as `GET /api/incidents`; `undefined`: the token. */
  readonly operation?: string | undefined;
}) => Promise<Simulation>;

/** Creates the simulation over the tables themselves: an operator asks right after a change. */
export function createSimulate(parts: {
  grants: Pick<GrantStore, 'find'>;
  tenants: Pick<TenantStore, 'find'>;
  resolveTenant: ResolveTenant;
  parseResource: (value: string) => ResourceName;
}): Simulate {
  return async ({ caller, tenant: name, resource: asked, operation }) => {
    const callerId = parseCallerId(caller);
    const wanted = toWanted({ asked, operation }, parts.parseResource);
    const tenantId = await parts.resolveTenant(name);
    const found = tenantId === undefined ? undefined : (await parts.tenants.find(tenantId))?.value;
    const tenant = found?.status === 'offboarded' ? undefined : found;
    const grants = (await parts.grants.find(callerId))?.value;
    const about = { tenantId: tenantId ?? '', tags: tenant?.tags ?? [] };
    const policy = decide({
      caller: { roles: [wanted.role] },
      grants,
      target: { ...about, ...wanted },
    });
    const decision = tenant ? policy : { ...policy, allowed: false };
    const why = explain(decision, { grants, tenant });
    return { callerId, mode: grants?.mode, tenantId, tenant, decision, why };
  };
}

/** The rules do not tell reading incidents from changing them. */
function toWanted(
  { asked, operation }: { asked: string; operation: string | undefined },
  parseResource: (value: string) => ResourceName,
) {
  if (operation !== undefined) {
    const call = parseCall(operation);
    return { resource: parseResource(asked), role: 'Apis.Call', operation: call } as const;
  }
  if (asked === 'incidents') return { resource: asked, role: 'Incidents.Read' } as const;
  if (asked === 'hunting') return { resource: asked, role: 'Hunting.Run' } as const;
  return { resource: parseResource(asked), role: 'Tokens.Issue' } as const;
}

/** A call is spelled as a pattern without wildcards. */
function parseCall(text: string): Operation {
  const pattern = text.includes('*') ? undefined : findOperationPattern(text);
  if (pattern) return pattern;
  throw new BrokerError('invalid_request', 'The parameter operation is not a call.', {
    owner: 'caller',
    remedy: 'Write a method and a path, as in GET /api/incidents.',
  });
}

const NO_RULE = 'No rule allows it (one with operations allows calls through the proxy, no token)';

function explain(
  { allowed, rule, wouldBeDenied }: Decision,
  { grants, tenant }: { grants: Grants | undefined; tenant: Tenant | undefined },
): string {
  if (!tenant) return 'The broker knows no such tenant.';
  if (!grants) return 'The caller has no grants.';
  if (rule === BLOCKED_DENY) return 'An operator has blocked the caller.';
  const denies = rule === DEFAULT_DENY ? NO_RULE : `The rule ${rule} denies it`;
  if (wouldBeDenied) return `${denies}; in audit mode that is only logged.`;
  return allowed ? `The rule ${rule} allows it.` : `${denies}.`;
}
