import type { Caller } from '../docs/client/broker-api.ts';

/** A rule of a caller, as the API has it. */
export type Rule = Caller['rules'][number];

/** `Allows defender-xdr and graph of every customer with the tag gold.` */
export function toRuleSentence({ effect, tenants, resources }: Rule): string {
  const what = resources.includes('*') ? 'everything' : toList(resources);
  const verb = effect === 'allow' ? 'Allows' : 'Denies';
  return `${verb} ${what} of ${toList(tenants.map(toTenantWords))}.`;
}

function toTenantWords(tenant: string): string {
  if (tenant === '*') return 'every customer';
  const [, tag] = /^tag:(.+)$/.exec(tenant) ?? [];
  return tag === undefined ? tenant : `customers with the tag ${tag}`;
}

function toList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** The text of the editor: one rule a line, `allow defender-xdr, graph of tag:gold, *`. */
export function toRuleText(rules: readonly Rule[]): string {
  return rules
    .map(({ id, effect, resources, tenants }) => {
      return `${id}: ${effect} ${resources.join(', ')} of ${tenants.join(', ')}`;
    })
    .join('\n');
}

const LINE = /^([\w-]+):\s*(allow|deny)\s+(.+?)\s+of\s+(.+)$/;

/** Reads the editor's text; `problem` names the first line that can't be read. */
export function parseRuleText(
  text: string,
): { readonly rules: readonly Rule[] } | { readonly problem: string } {
  const lines = text.split('\n').map((line) => line.trim());
  const rules: Rule[] = [];
  for (const [index, line] of lines.entries()) {
    if (line === '') continue;
    const [, id, effect, resources, tenants] = LINE.exec(line) ?? [];
    if (!id || (effect !== 'allow' && effect !== 'deny') || !resources || !tenants) {
      return { problem: `Line ${index + 1} is not "name: allow|deny resources of tenants".` };
    }
    rules.push({ id, effect, resources: toParts(resources), tenants: toParts(tenants) });
  }
  return { rules };
}

function toParts(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}
