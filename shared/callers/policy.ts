import type { ResourceName } from '../tokens/resource.ts';
import type { Caller } from './caller.ts';

/** What a caller wants a token for. */
export interface Target {
  readonly tenantId: string;
  readonly resource: ResourceName;
}

/** The answer of the policy, with the rule that gave it. */
export interface Decision {
  readonly allowed: boolean;
  readonly rule: string;
}

/** Decides whether a caller may have a tenant's token: the role alone grants every tenant and API. */
export function decide(caller: Caller, _target: Target): Decision {
  const allowed = caller.roles.includes('Tokens.Issue');
  return { allowed, rule: allowed ? 'role:Tokens.Issue' : 'default:deny' };
}
