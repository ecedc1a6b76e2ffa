import { type Constraint, createConstraint } from './route-constraints.ts';

/** One segment of a template; `text` of a literal is in lower case. */
export type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter' | 'catchAll';
      readonly name: string;
      readonly optional: boolean;
      readonly constraints: readonly Constraint[];
    };

/** Parses an ASP.NET Core route template; throws on what this host does not match. */
export function parseTemplate(template: string): readonly Segment[] {
  const trimmed = template.replace(/^\/|\/$/g, '');
  const texts = trimmed.match(SEGMENT) ?? [];
  if (texts.join('/') !== trimmed) throw new Error(`Route '${template}' is not understood.`);
  const segments = texts.map((text) => parseSegment(text, template));
  const early = segments.slice(0, -1);
  if (early.some((segment) => segment.kind !== 'literal' && segment.optional)) {
    throw new Error(`Route '${template}' has an optional or catch-all segment before its end.`);
  }
  return segments;
}

// Braces inside a parameter are doubled: {code:regex(^\d{{3}}$)}.
const SEGMENT = /(?:\{(?:[^{}]|\{\{|\}\})*\}|[^/{}])+/g;
const PARAMETER = /^\{(?<stars>\*{0,2})(?<name>\w+)(?<rules>(?::.*?)?)(?<optional>\??)\}$/;
const RULE = /:(\w+)(?:\((.*?)\))?(?=:\w+|$)/g;

function parseSegment(text: string, template: string): Segment {
  if (!/[{}]/.test(text)) return { kind: 'literal', text: text.toLowerCase() };
  const { stars, name, rules, optional } = PARAMETER.exec(text)?.groups ?? {};
  if (name === undefined || rules === undefined) {
    throw new Error(`Segment '${text}' of route '${template}' is not supported.`);
  }
  const isCatchAll = stars !== '';
  return {
    kind: isCatchAll ? 'catchAll' : 'parameter',
    name,
    optional: isCatchAll || optional === '?',
    constraints: parseRules(rules.replaceAll('{{', '{').replaceAll('}}', '}')),
  };
}

function parseRules(rules: string): readonly Constraint[] {
  const found = [...rules.matchAll(RULE)];
  if (found.map(([text]) => text).join('') !== rules) {
    throw new Error(`Route constraints '${rules}' are not understood.`);
  }
  return found.map(([, name = '', args = '']) => createConstraint(name, args));
}
