import type { Grants } from '../../callers/grants.ts';
import { type Fields, withoutTenantIds } from './field-changes.ts';

/** A caller's grants as audit events tell them: each setting, and each rule in a line. */
export function describeGrants({ rules, ...grants }: Grants): Fields {
  const { callerId: _, createdAt: __, updatedAt: ___, ...settings } = grants;
  return {
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, toText(value)])),
    ...Object.fromEntries(rules.map(({ id, ...rule }) => [`rules.${id}`, toRuleText(rule)])),
  };
}

/** As in `allow, tenants: tag:gold, resources: defender-xdr`. */
function toRuleText({ effect, ...parts }: Omit<Grants['rules'][number], 'id'>): string {
  const named = Object.entries(parts).map(([name, value]) => `${name}: ${toText(value)}`);
  return withoutTenantIds([effect, ...named].join(', '));
}

function toText(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(' ') : JSON.stringify(value);
}
