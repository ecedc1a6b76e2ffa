import { createRequire } from 'node:module';

// The package has no types for what is loaded by its minified files: only what tests ask is
// described here.

interface SyntaxNode {
  readonly Kind: number;
  readonly TextStart: number;
  readonly End: number;
  readonly ChildCount: number;
  GetChild(index: number): SyntaxNode | null;
}

interface Diagnostics {
  readonly Count: number;
  getItem(index: number): { readonly Severity: string; readonly Message: string };
}

interface KustoCode {
  readonly Kind: string;
  readonly Syntax: SyntaxNode;
  GetDiagnostics(): Diagnostics;
  GetSyntaxDiagnostics(): Diagnostics;
}

interface KustoLanguage {
  readonly KustoCode: {
    Parse(text: string): KustoCode;
    ParseAndAnalyze(text: string, globals: unknown): KustoCode;
  };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, number>> };
  readonly GlobalState: { readonly Default: { WithDatabase(database: unknown): unknown } };
  readonly Symbols: {
    readonly TableSymbol: {
      readonly $ctor7: new (name: string, schema: string, about: null) => object;
    };
    readonly DatabaseSymbol: { readonly ctor: new (name: string, tables: object[]) => object };
  };
}

const load = createRequire(import.meta.url);
load('@kusto/language-service-next/bridge.min.js');
load('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { Language } = (globalThis as unknown as { Kusto: { Language: KustoLanguage } }).Kusto;
const KINDS = new Map(
  Object.entries(Language.Syntax.SyntaxKind).map(([name, kind]) => [kind, name]),
);

/** A node of Kusto's own syntax tree. */
export interface Node {
  readonly kind: string;
  readonly text: string;
  readonly start: number;
  readonly children: readonly Node[];
}

/** A query as Kusto's language service reads it. */
interface KustoReading {
  readonly isCommand: boolean;
  readonly syntaxErrors: readonly string[];
  readonly root: Node;
}

const readings = new Map<string, KustoReading>();

/** Reads a query by the language service, without a look at tables; each text once. */
export function readByKusto(text: string): KustoReading {
  const reading = readings.get(text) ?? read(text);
  readings.set(text, reading);
  return reading;
}

function read(text: string): KustoReading {
  const code = Language.KustoCode.Parse(text);
  return {
    isCommand: code.Kind !== 'Query',
    syntaxErrors: toErrors(code.GetSyntaxDiagnostics()),
    root: toNode(code.Syntax, text),
  };
}

/**
 * What the language service finds wrong with a query on tables: their names with `(column: type,
 * …)`.
 */
export function findKustoErrors(
  text: string,
  tables: Readonly<Record<string, string>>,
): readonly string[] {
  const { TableSymbol, DatabaseSymbol } = Language.Symbols;
  const symbols = Object.entries(tables).map(
    ([name, schema]) => new TableSymbol.$ctor7(name, schema, null),
  );
  const database = new DatabaseSymbol.ctor('Hunting', symbols);
  const globals = Language.GlobalState.Default.WithDatabase(database);
  return toErrors(Language.KustoCode.ParseAndAnalyze(text, globals).GetDiagnostics());
}

/** All nodes of a tree. */
export function listNodes(node: Node): readonly Node[] {
  return [node, ...node.children.flatMap(listNodes)];
}

function toErrors(diagnostics: Diagnostics): readonly string[] {
  return Array.from({ length: diagnostics.Count }, (_, index) => diagnostics.getItem(index))
    .filter(({ Severity }) => Severity === 'Error')
    .map(({ Message }) => Message);
}

function toNode(node: SyntaxNode, source: string): Node {
  const children = Array.from({ length: node.ChildCount }, (_, index) => node.GetChild(index));
  return {
    kind: KINDS.get(node.Kind) ?? String(node.Kind),
    // Without what stands in front of it, such as a comment.
    text: source.slice(node.TextStart, node.End).trim(),
    start: node.TextStart,
    children: children.filter((child) => child !== null).map((child) => toNode(child, source)),
  };
}
