import type { AppRole, Caller } from './caller.ts';
import type { GrantableName, GrantRule, Grants } from './grants.ts';
import {
  couldBeOperation,
  findOperationPattern,
  matchesOperation,
  type Operation,
} from './operation.ts';

/** The app roles that need a grant too. */
export type GrantedRole = Extract<
  AppRole,
  'Tokens.Issue' | 'Incidents.Read' | 'Incidents.Write' | 'Hunting.Run' | 'Apis.Call'
>;

/** What a caller wants of a tenant, which may be known by its tags. */
export interface Target {
  readonly tenantId: string;
  readonly tags: readonly string[];
  readonly resource: GrantableName;
  /** The app role that it takes. */
  readonly role: GrantedRole;
  /** The call, when it is about one; a token is good for every call. */
  readonly operation?: Operation | undefined;
}

/** The answer of the policy, with the rule that gave it. */
export interface Decision {
  readonly allowed: boolean;
  /**
   * The id of a rule, or what no rule can be called: `role:` and the missing app role,
   * `default:deny`, `caller:blocked`.
   */
  readonly rule: string;
  /** Allowed only because the caller's grants are in audit mode. */
  readonly wouldBeDenied?: true;
}

/** The rule when no rule fits: nothing is allowed by default. */
export const DEFAULT_DENY = 'default:deny';

/** The rule when an operator has blocked the caller; nothing outweighs it, not even audit mode. */
export const BLOCKED_DENY = 'caller:blocked';

/**
 * Decides whether a caller may have it. No grant makes up for the app role; a rule that denies
 * wins, wherever it stands.
 */
export function decide({
  caller,
  grants,
  target,
}: {
  caller: Pick<Caller, 'roles'>;
  grants: Pick<Grants, 'mode' | 'rules' | 'blocked'> | undefined;
  target: Target;
}): Decision {
  const { role } = target;
  if (grants?.blocked) return { allowed: false, rule: BLOCKED_DENY };
  if (!caller.roles.includes(role)) return { allowed: false, rule: `role:${role}` };
  const fitting = findFitting(grants?.rules ?? [], target);
  const rule = fitting?.id ?? DEFAULT_DENY;
  if (fitting?.effect === 'allow') return { allowed: true, rule };
  return grants?.mode === 'audit'
    ? { allowed: true, rule, wouldBeDenied: true }
    : { allowed: false, rule };
}

/**
 * Whether any rule could let the caller have it of some tenant: who has none is answered before
 * anything is read.
 */
export function mayHaveOfSome(
  grants: Pick<Grants, 'mode' | 'rules' | 'blocked'> | undefined,
  resource: GrantableName,
): boolean {
  if (!grants || grants.blocked) return false;
  if (grants.mode === 'audit') return true;
  return grants.rules.some(
    ({ effect, resources }) =>
      effect === 'allow' && (resources.includes('*') || resources.includes(resource)),
  );
}

/** The first rule that denies, else the first that allows. */
function findFitting(rules: readonly GrantRule[], target: Target): GrantRule | undefined {
  const names = ['*', target.tenantId, ...target.tags.map((tag) => `tag:${tag}`)];
  let allowing: GrantRule | undefined;
  for (const rule of rules) {
    if (!fits(rule, names, target)) continue;
    if (rule.effect === 'deny') return rule;
    allowing ??= rule;
  }
  return allowing;
}

/** `names`: all that the tenant can be called by. */
function fits(rule: GrantRule, names: readonly string[], target: Target): boolean {
  const { tenants, resources } = rule;
  if (!resources.includes('*') && !resources.includes(target.resource)) return false;
  return tenants.some((tenant) => names.includes(tenant)) && coversOperation(rule, target);
}

/**
 * A token is good for every call: no list of calls allows it, and one forbidden call forbids it.
 */
function coversOperation({ operations, effect }: GrantRule, { operation }: Target): boolean {
  if (!operations) return true;
  if (!operation) return effect === 'deny';
  return operations.some((text) => {
    const pattern = findOperationPattern(text);
    // What a later version wrote can't be read here: it allows nothing and denies everything.
    if (!pattern) return effect === 'deny';
    return effect === 'deny'
      ? couldBeOperation(pattern, operation)
      : matchesOperation(pattern, operation);
  });
}
