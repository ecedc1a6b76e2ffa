import { isSymbol, type Statement } from './statement.ts';
import type { Token } from './token.ts';

/** Something that a hunt may not do. */
interface Refusal {
  /** Where it stands in the text. */
  readonly start: number;
  /** What is refused, as a sentence. */
  readonly description: string;
  readonly remedy: string;
}

const STAY = "Ask only the customer's own tables.";

/** Functions that leave the customer: other clusters, workspaces, resources, stored files. */
const REMOTE_FUNCTIONS: ReadonlySet<string> = new Set([
  'adx',
  'app',
  'arg',
  'cluster',
  'database',
  'external_table',
  'resource',
  'workspace',
]);

/** Operators that read what lies at an address, under all their names. */
const ADDRESS_OPERATORS: ReadonlySet<string> = new Set([
  'external_data',
  'externaldata',
  'inline_external_table',
]);

/**
 * Plugins of `evaluate` that only compute ("evaluate plugin operator", Kusto documentation). All
 * others are refused: they send requests, run code, or are too new to be known.
 */
const LOCAL_PLUGINS: ReadonlySet<string> = new Set([
  'active_users_count',
  'activity_counts_metrics',
  'activity_engagement',
  'activity_metrics',
  'autocluster',
  'bag_unpack',
  'basket',
  'dcount_intersect',
  'diffpatterns',
  'diffpatterns_text',
  'funnel_sequence',
  'funnel_sequence_completion',
  'ipv4_lookup',
  'ipv6_lookup',
  'narrow',
  'new_activity_metrics',
  'pivot',
  'preview',
  'rolling_percentile',
  'rows_near',
  'sequence_detect',
  'session_count',
  'sliding_window_counts',
]);

/** The first thing in a query that a hunt may not do; `undefined`: it may run. */
export function findRefusal(statements: readonly Statement[]): Refusal | undefined {
  for (const { kind, tokens } of statements) {
    const [first] = tokens;
    if (kind === 'command' && first) return toCommandRefusal(first);
    for (let index = 0; index < tokens.length; index++) {
      const refusal = findAt(tokens, index);
      if (refusal) return refusal;
    }
  }
  return undefined;
}

function findAt(tokens: readonly Token[], index: number): Refusal | undefined {
  const token = tokens[index];
  if (token && isSymbol(token, '#')) return toRefusal(token, 'Directives are not run.');
  if (token && isOddCall(tokens, index)) {
    return toRefusal(token, 'The name of a function has to be one string in its brackets.');
  }
  const name = token && toName(token);
  if (!token || name === undefined) return undefined;
  if (name.includes('\\') && isCalled(tokens, index)) {
    return toRefusal(token, 'The name of a function may have no escapes.');
  }
  if (token.kind === 'name' && ADDRESS_OPERATORS.has(name)) {
    return toRefusal(token, `${name} reads from an address.`);
  }
  if (name === 'evaluate' && token.kind === 'name') return findPlugin(tokens, index + 1);
  if (!REMOTE_FUNCTIONS.has(name) || !isCalled(tokens, index)) return undefined;
  return toRefusal(token, `${name}(…) reads outside of the customer.`);
}

/** The tokens of `hint.distribution = single`. */
const HINT_LENGTH = 5;

/** `evaluate`, hints such as `hint.distribution = single`, and the plugin. */
function findPlugin(tokens: readonly Token[], from: number): Refusal | undefined {
  let at = from;
  while (tokens[at]?.text === 'hint' && isSymbol(tokens[at + 3], '=')) at += HINT_LENGTH;
  const plugin = tokens[at];
  const name = plugin && toName(plugin);
  if (!plugin || (name !== undefined && LOCAL_PLUGINS.has(name))) return undefined;
  return {
    start: plugin.start,
    description: 'evaluate may only use plugins that compute within the query.',
    remedy: `Use one of ${[...LOCAL_PLUGINS].join(', ')}.`,
  };
}

/**
 * A name may be written in brackets: `['cluster']`. Names are compared without case: no refusal
 * depends on it.
 */
function toName({ kind, text }: Token): string | undefined {
  if (kind === 'name') return text.toLowerCase();
  return kind === 'string' ? text.replace(/^h?@?["'`~]+|["'`~]+$/gi, '').toLowerCase() : undefined;
}

/** Called: `(` follows, after the bracket that closes a quoted name. */
function isCalled(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.kind === 'name') return isSymbol(tokens[index + 1], '(');
  const isQuotedName = isSymbol(tokens[index - 1], '[') && isSymbol(tokens[index + 1], ']');
  return isQuotedName && isSymbol(tokens[index + 2], '(');
}

/** Strings side by side are one: `['clus' 'ter']('x')` is a call of `cluster`. */
function isOddCall(tokens: readonly Token[], index: number): boolean {
  if (!isSymbol(tokens[index], '(') || !isSymbol(tokens[index - 1], ']')) return false;
  return tokens[index - 2]?.kind !== 'string' || !isSymbol(tokens[index - 3], '[');
}

function toCommandRefusal({ start }: Token): Refusal {
  const remedy = 'Send a query: a table, and what is to become of its rows.';
  return { start, description: 'Control commands are not run.', remedy };
}

function toRefusal({ start }: Token, description: string): Refusal {
  return { start, description, remedy: STAY };
}
