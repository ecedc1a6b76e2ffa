import type { AppRole, Caller } from './caller.ts';
import type { GrantableName, GrantRule, Grants } from './grants.ts';

/** The app roles that need a grant too. */
export type GrantedRole = Extract<
  AppRole,
  'Tokens.Issue' | 'Incidents.Read' | 'Incidents.Write' | 'Hunting.Run'
>;

/** What a caller wants of a tenant, which may be known by its tags. */
export interface Target {
  readonly tenantId: string;
  readonly tags: readonly string[];
  readonly resource: GrantableName;
  /** The app role that it takes. */
  readonly role: GrantedRole;
}

/** The answer of the policy, with the rule that gave it. */
export interface Decision {
  readonly allowed: boolean;
  /** The id of a rule, or what no rule can be called: `role:` and the app role that is missing, or `default:deny`. */
  readonly rule: string;
  /** Allowed only because the caller's grants are in audit mode. */
  readonly wouldBeDenied?: true;
}

/** The rule when no rule fits: nothing is allowed by default. */
export const DEFAULT_DENY = 'default:deny';

/** Decides whether a caller may have it. No grant makes up for the app role; a rule that denies wins, wherever it stands. */
export function decide({
  caller,
  grants,
  target,
}: {
  caller: Pick<Caller, 'roles'>;
  grants: Pick<Grants, 'mode' | 'rules'> | undefined;
  target: Target;
}): Decision {
  const { role } = target;
  if (!caller.roles.includes(role)) return { allowed: false, rule: `role:${role}` };
  const fitting = findFitting(grants?.rules ?? [], target);
  const rule = fitting?.id ?? DEFAULT_DENY;
  if (fitting?.effect === 'allow') return { allowed: true, rule };
  return grants?.mode === 'audit'
    ? { allowed: true, rule, wouldBeDenied: true }
    : { allowed: false, rule };
}

/** The first rule that denies, else the first that allows. */
function findFitting(
  rules: readonly GrantRule[],
  { tenantId, tags, resource }: Target,
): GrantRule | undefined {
  const names = ['*', tenantId, ...tags.map((tag) => `tag:${tag}`)];
  let allowing: GrantRule | undefined;
  for (const rule of rules) {
    if (!fits(rule, names, resource)) continue;
    if (rule.effect === 'deny') return rule;
    allowing ??= rule;
  }
  return allowing;
}

/** `names`: all that the tenant can be called by. */
function fits(
  { tenants, resources }: GrantRule,
  names: readonly string[],
  resource: GrantableName,
): boolean {
  if (!resources.includes('*') && !resources.includes(resource)) return false;
  return tenants.some((tenant) => names.includes(tenant));
}
