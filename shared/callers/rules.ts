import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { RESOURCE_NAMES } from '../resources/resources.ts';
import { TAG } from '../tenants/tenant-settings.ts';
import { GRANTABLE_NAMES, type GrantRule, type Grants } from './grants.ts';
import { findOperationPattern } from './operation.ts';

/** A rule as it was sent. */
export interface RuleInput {
  readonly id: string;
  readonly effect: GrantRule['effect'];
  readonly tenants: readonly string[];
  readonly resources: readonly string[];
  readonly operations?: readonly string[] | undefined;
}

/** More rules than people oversee, and what fits in one row; tags say the same in fewer. */
const MAX_RULES = 200;

/** More calls than people oversee in one rule. */
const MAX_OPERATIONS = 50;

/**
 * No colon, so that no rule can be taken for one of the policy's own; no GUID, since the ledger
 * keeps it.
 */
const RULE_ID = /^(?!\w{8}-?(?:\w{4}-?){3}\w{12}$)[a-z0-9][a-z0-9-]{0,39}$/;

/**
 * Checks a caller's rules as a whole; throws `invalid_request` that names the rule and the remedy.
 */
export function parseRules(inputs: readonly RuleInput[]): readonly GrantRule[] {
  if (inputs.length === 0) {
    const remedy = 'Send at least one rule; DELETE the caller to take every grant away.';
    throw toRuleError('The parameter rules is empty.', remedy);
  }
  if (inputs.length > MAX_RULES) {
    const remedy = 'Tag the tenants and grant by tag:x.';
    throw toRuleError(`The parameter rules holds more than ${MAX_RULES} rules.`, remedy);
  }
  const rules = inputs.map(parseRule);
  const ids = rules.map(({ id }) => id);
  const doubled = ids.find((id, index) => ids.indexOf(id) !== index);
  if (doubled === undefined) return rules;
  throw toRuleError(`Two rules have the id ${doubled}.`, 'Give each rule an id of its own.');
}

/** The tenants that rules name by GUID, with the rule that names each. */
export function listNamedTenants(rules: readonly GrantRule[]): ReadonlyMap<string, string> {
  return new Map(
    rules.flatMap(({ id, tenants }) =>
      tenants.filter(findGuid).map((tenantId) => [tenantId, id] as const),
    ),
  );
}

/**
 * The grants without a tenant's id; a rule that named nobody else goes. The same object if none
 * named it.
 */
export function withoutTenant(grants: Grants, tenantId: string): Grants {
  if (!listNamedTenants(grants.rules).has(tenantId)) return grants;
  const rules = grants.rules
    .map((rule) => ({ ...rule, tenants: rule.tenants.filter((tenant) => tenant !== tenantId) }))
    .filter(({ tenants }) => tenants.length > 0);
  return { ...grants, rules };
}

/** For a rule about a tenant that nobody onboarded. */
export function toUnknownTenantError(ruleId: string): BrokerError {
  return toRuleError(
    `The rule ${ruleId} names a tenant that the broker does not know.`,
    'Look the tenant up with GET /api/tenants, or onboard it first.',
  );
}

function parseRule(input: RuleInput, index: number): GrantRule {
  const { id, effect, tenants, resources } = input;
  if (!RULE_ID.test(id)) {
    const remedy = 'Use 1 to 40 lower-case letters, digits and hyphens.';
    throw toRuleError(`The parameter rules.${index}.id is not acceptable.`, remedy);
  }
  if (tenants.length === 0 || resources.length === 0) {
    const remedy = 'Name what it is about, or use * for all.';
    throw toRuleError(`The rule ${id} has no tenants or no resources.`, remedy);
  }
  return {
    id,
    effect,
    tenants: unique(tenants.map((tenant) => parseTenant(tenant, id))),
    resources: unique(resources.map((resource) => parseResource(resource, id))),
    ...(input.operations && { operations: parseOperations(input, input.operations) }),
  };
}

/**
 * Paths are of one API: a rule with operations names its APIs, and can't be about anything else.
 */
function parseOperations(
  { id, resources }: RuleInput,
  operations: readonly string[],
): readonly string[] {
  if (resources.some((name) => !isApi(name))) {
    const remedy = `Name the APIs of the operations: ${RESOURCE_NAMES.join(', ')}.`;
    throw toRuleError(`The rule ${id} has operations of something that is no API.`, remedy);
  }
  if (operations.length === 0 || operations.length > MAX_OPERATIONS) {
    const remedy = `Name 1 to ${MAX_OPERATIONS} operations, or leave the parameter out for all.`;
    throw toRuleError(`The rule ${id} has no operations or too many.`, remedy);
  }
  if (operations.every(findOperationPattern)) return unique(operations);
  const remedy =
    'Write a method and a path, as in GET /api/incidents*; a * stands for a whole segment or ends the path.';
  throw toRuleError(`The rule ${id} has an operation that can't be read.`, remedy);
}

function isApi(name: string): boolean {
  return RESOURCE_NAMES.some((known) => known === name);
}

function parseTenant(tenant: string, id: string): string {
  if (tenant === '*') return tenant;
  if (tenant.startsWith('tag:')) {
    if (TAG.test(tenant.slice('tag:'.length))) return tenant;
    const remedy = 'A tag has 1 to 40 lower-case letters, digits and hyphens, as in tag:gold.';
    throw toRuleError(`The rule ${id} names a tag that no tenant can have.`, remedy);
  }
  if (tenant.includes('*')) {
    const remedy = 'Use * alone for every tenant, or tag:x for some.';
    throw toRuleError(`The rule ${id} has a wildcard inside a tenant.`, remedy);
  }
  const tenantId = findGuid(tenant);
  if (tenantId) return tenantId;
  const remedy = 'Use *, the id (GUID) of a tenant, or tag:x.';
  throw toRuleError(`The rule ${id} names a tenant by something else than its id.`, remedy);
}

function parseResource(resource: string, id: string): GrantRule['resources'][number] {
  const known = (['*', ...GRANTABLE_NAMES] as const).find((name) => name === resource);
  if (known) return known;
  const remedy = `Use * or one of ${GRANTABLE_NAMES.join(', ')}.`;
  throw toRuleError(`The rule ${id} names a resource that the broker does not know.`, remedy);
}

function unique<T>(values: readonly T[]): readonly T[] {
  return [...new Set(values)];
}

function toRuleError(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
