import type { GrantRule, Grants } from '../../callers/grants.ts';
import type { FieldChange } from '../audit-event.ts';

/** A tenant whose tags were changed. */
export interface Retagged {
  readonly tenantId: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Callers that one event names, and rules of each: an event has to fit into a row. */
const MAX_CALLERS = 20;
const MAX_RULES = 6;

/**
 * Which rules a change of tags makes fit the tenant, as audit events say it: a field
 * `fitting_rules.` and the caller's id, with the rules that fit no longer before and the rules that
 * fit now after. Example: who takes `gold` away and adds `emea` gets `{ field:
 * "fitting_rules.4f9c…", before: "gold-hunting", after: "emea" }`.
 */
export function listFittingChanges(
  callers: readonly Pick<Grants, 'callerId' | 'rules'>[],
  tenant: Retagged,
): readonly FieldChange[] {
  const changes = callers.flatMap(({ callerId, rules }) => {
    const ceased = rules.filter((rule) => isBetween(rule, tenant.before, tenant));
    const begun = rules.filter((rule) => isBetween(rule, tenant.after, tenant));
    if (ceased.length + begun.length === 0) return [];
    return [{ field: `fitting_rules.${callerId}`, before: toText(ceased), after: toText(begun) }];
  });
  if (changes.length <= MAX_CALLERS) return changes;
  const more = `of ${changes.length - MAX_CALLERS} more callers`;
  const rest = { field: 'fitting_rules', before: undefined, after: more };
  return [...changes.slice(0, MAX_CALLERS), rest];
}

/** Whether a rule names the tenant by one list of tags, and not by the other one. */
function isBetween(
  { tenants }: GrantRule,
  tags: readonly string[],
  { tenantId, before, after }: Retagged,
): boolean {
  const other = tags === before ? after : before;
  const isNamed = (list: readonly string[]) => list.some((tag) => tenants.includes(`tag:${tag}`));
  const isAlways = tenants.includes('*') || tenants.includes(tenantId);
  return !isAlways && isNamed(tags) && !isNamed(other);
}

function toText(rules: readonly GrantRule[]): string | undefined {
  if (rules.length === 0) return undefined;
  const ids = rules.slice(0, MAX_RULES).map(({ id }) => id);
  const more = rules.length - ids.length;
  return more > 0 ? `${ids.join(' ')} and ${more} more` : ids.join(' ');
}
