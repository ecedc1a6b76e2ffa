import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listNodes, type Node, readByKusto } from '../../../support/kusto.ts';

/** A query of the corpus. */
interface CorpusQuery {
  readonly file: string;
  readonly text: string;
}

/** Every query in `queries/`; an empty line ends one. */
export function readCorpus(): readonly CorpusQuery[] {
  return globSync(join(import.meta.dirname, 'queries/*.kql')).flatMap((path) =>
    readFileSync(path, 'utf8')
      .split(/\n\n+/)
      .filter((text) => text.trim() !== '')
      .map((text) => ({ file: basename(path), text })),
  );
}

/** What the guard has to find out about a query, as Kusto's own syntax tree says it. */
interface Expectation {
  readonly isRefused: boolean;
  /** The kinds of the stages of the answering statement, in order. */
  readonly stages: readonly string[];
  readonly table: string | undefined;
  readonly isRowWise: boolean;
}

const ROW_WISE = new Set([
  ...['FilterOperator', 'ExtendOperator', 'ParseOperator', 'ParseWhereOperator', 'ParseKvOperator'],
  ...['ProjectOperator', 'ProjectAwayOperator', 'ProjectKeepOperator', 'ProjectRenameOperator'],
  ...['ProjectReorderOperator', 'MvExpandOperator', 'SortOperator'],
]);
const REMOTE = new Set([
  ...['adx', 'app', 'arg', 'cluster', 'database', 'external_table', 'resource', 'workspace'],
]);
const EXTERNAL = new Set(['ExternalDataExpression', 'InlineExternalTableExpression']);
const OTHER_ROWS = new Set([
  ...['prev', 'next', 'row_number', 'row_cumsum', 'row_rank_dense', 'row_rank_min'],
  ...['row_window_session', 'rand', 'new_guid'],
]);
const LOCAL_PLUGINS = new Set([
  ...['autocluster', 'bag_unpack', 'basket', 'narrow', 'pivot', 'rolling_percentile'],
]);

/** Reads a query by the language service. */
export function expectOf(text: string): Expectation {
  const { root, isCommand } = readByKusto(text);
  const nodes = listNodes(root);
  const answer = nodes.filter(({ kind }) => kind === 'ExpressionStatement').at(-1);
  const { source, stages } = flatten(answer?.children[0]);
  const calls = nodes.filter(({ kind }) => kind === 'FunctionCallExpression').map(toCalled);
  const lets = nodes.filter(({ kind }) => kind === 'LetStatement').map(toLetName);
  const table = source?.kind === 'NameReference' ? unquote(source.text) : undefined;
  const isPlain = table !== undefined && !lets.includes(table);
  return {
    isRefused:
      isCommand ||
      text.startsWith('#') ||
      calls.some((name) => REMOTE.has(name)) ||
      nodes.some(({ kind }) => EXTERNAL.has(kind)) ||
      nodes.some((node) => node.kind === 'EvaluateOperator' && !usesLocalPlugin(node)),
    stages: stages.map(({ kind }) => kind),
    table,
    isRowWise:
      isPlain &&
      stages.every(({ kind }) => ROW_WISE.has(kind)) &&
      !calls.some((name) => OTHER_ROWS.has(name)),
  };
}

/** `a | b | c` is a tree that leans to the left. */
function flatten(node: Node | undefined): { source: Node | undefined; stages: readonly Node[] } {
  if (node?.kind !== 'PipeExpression') return { source: node, stages: [] };
  const [left, , right] = node.children;
  const before = flatten(left);
  return { source: before.source, stages: right ? [...before.stages, right] : before.stages };
}

function toCalled({ children: [name] }: Node): string {
  return unquote(name?.text ?? '');
}

function toLetName({ children }: Node): string {
  return children.find(({ kind }) => kind === 'NameDeclaration')?.text ?? '';
}

function usesLocalPlugin(node: Node): boolean {
  const call = listNodes(node).find(({ kind }) => kind === 'FunctionCallExpression');
  return call !== undefined && LOCAL_PLUGINS.has(toCalled(call));
}

/** A name without brackets and quotes, its escapes read; strings side by side are one. */
function unquote(name: string): string {
  const bare = name.replace(/^\[\s*@?["']|["']\s*\]$/g, '').replace(/["']\s*@?["']/g, '');
  return bare.replace(/\\(?:x([\da-f]{2})|u([\da-f]{4}))/gi, (_, byte, unit) =>
    String.fromCharCode(Number.parseInt(byte ?? unit, 16)),
  );
}
