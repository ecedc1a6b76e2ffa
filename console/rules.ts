import type { Caller } from '../docs/client/broker-api.ts';

/** A rule of a caller, as the API has it. */
export type Rule = Caller['rules'][number];

/** `Allows defender-xdr and graph of every customer with the tag gold.` */
export function toRuleSentence({ effect, tenants, resources, operations }: Rule): string {
  const what = resources.includes('*') ? 'everything' : toList(resources);
  const verb = effect === 'allow' ? 'Allows' : 'Denies';
  const calls = operations ? `, only the calls ${toList(operations)} and no token` : '';
  return `${verb} ${what} of ${toList(tenants.map(toTenantWords))}${calls}.`;
}

function toTenantWords(tenant: string): string {
  if (tenant === '*') return 'every customer';
  const [, tag] = /^tag:(.+)$/.exec(tenant) ?? [];
  return tag === undefined ? tenant : `customers with the tag ${tag}`;
}

/** `a, b and c` */
function toList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/**
 * The text of the editor, one rule a line: `gold: allow graph of tag:gold only GET
 * /v1.0/security/*`.
 */
export function toRuleText(rules: readonly Rule[]): string {
  return rules
    .map(({ id, effect, resources, tenants, operations }) => {
      const calls = operations ? ` only ${operations.join(', ')}` : '';
      return `${id}: ${effect} ${resources.join(', ')} of ${tenants.join(', ')}${calls}`;
    })
    .join('\n');
}

const LINE = /^([\w-]+):\s*(allow|deny)\s+(.+?)\s+of\s+(.+?)(?:\s+only\s+(.+))?$/;

/** Reads the editor's text; `problem` names the first line that can't be read. */
export function parseRuleText(
  text: string,
): { readonly rules: readonly Rule[] } | { readonly problem: string } {
  const lines = text.split('\n').map((line) => line.trim());
  const rules: Rule[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [, id, effect, resources, tenants, calls] = LINE.exec(line) ?? [];
    if (!id || (effect !== 'allow' && effect !== 'deny') || !resources || !tenants) {
      return {
        problem: `Line ${index + 1} is not "name: allow|deny resources of tenants [only METHOD /path*]".`,
      };
    }
    const rule = { id, effect, resources: toParts(resources), tenants: toParts(tenants) } as const;
    rules.push(calls === undefined ? rule : { ...rule, operations: toParts(calls) });
  }
  return { rules };
}

function toParts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
