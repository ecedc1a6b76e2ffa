import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** A module as its caller declares it. */
export interface ModuleUse {
  readonly name: string;
  /** Relative to the calling file. */
  readonly path: string;
  readonly params: readonly string[];
}

/** One Bicep file: what it declares, what it uses, and what the parser stumbled over. */
export interface BicepFile {
  /** `line: text` of everything that is not Bicep. */
  readonly syntaxErrors: readonly string[];
  /** `line: name` of every name that nothing declares. */
  readonly unknownNames: readonly string[];
  /** Parameters and variables that nothing uses. */
  readonly unusedNames: readonly string[];
  /** Parameters with whether a module's caller has to give them. */
  readonly params: ReadonlyMap<string, { readonly required: boolean }>;
  /** What variables and parameters are set to, as far as it is literal. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly modules: readonly ModuleUse[];
  /** `module.output` pairs that are read. */
  readonly outputsRead: readonly (readonly [module: string, output: string])[];
  /** Outputs with their expressions. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Resource types with their API versions, such as `Microsoft.Web/sites@2025-03-01`. */
  readonly resources: readonly string[];
  readonly extensions: readonly string[];
}

const FUNCTIONS = new Set(
  (
    'allowed description maxLength maxValue metadata minLength minValue secure ' +
    'empty environment filter guid items loadJsonContent loadTextContent map replace split startsWith subscription ' +
    'subscriptionResourceId tenant toLower toObject trim union uniqueString'
  ).split(' '),
);

const parser = await createParser();

async function createParser(): Promise<Parser> {
  await Parser.init();
  const require = createRequire(import.meta.url);
  const wasm = require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  return new Parser().setLanguage(await Language.load(wasm));
}

/** Reads a Bicep file without resolving types: what the compiler itself would need its registry for. */
export async function readBicep(path: string): Promise<BicepFile> {
  return parseBicep(await readFile(path, 'utf8'));
}

/** Parses Bicep. The grammar does not know `extension name`, so these lines are read apart. */
export function parseBicep(text: string): BicepFile {
  const extensions = [...text.matchAll(/^extension (\w+)$/gm)].map(([, name = '']) => name);
  const tree = parser.parse(text.replace(/^extension \w+$/gm, ''));
  if (!tree) throw new Error('The parser gave up.');
  const nodes = [...descend(tree.rootNode)];
  const ofType = (type: string) => nodes.filter((node) => node.type === type);
  const params = ofType('parameter_declaration');
  const variables = ofType('variable_declaration');
  const used = findNames(tree.rootNode);
  const declared = new Set(nodes.flatMap((node) => (isDeclaration(node) ? [nameOf(node)] : [])));
  return {
    extensions,
    syntaxErrors: nodes
      .filter((node) => node.isError || node.isMissing)
      .map((node) => `${lineOf(node)}: ${node.text.slice(0, 60)}`),
    unknownNames: used
      .filter(({ text }) => !declared.has(text) && !FUNCTIONS.has(text))
      .map((node) => `${lineOf(node)}: ${node.text}`),
    unusedNames: [...params, ...variables]
      .map(nameOf)
      .filter((name) => !used.some((node) => node.text === name)),
    params: new Map(params.map((node) => [nameOf(node), { required: !isOptional(node) }])),
    values: new Map(
      [...params, ...variables].map((node) => [nameOf(node), toValue(expressionOf(node))]),
    ),
    modules: ofType('module_declaration').map(toModuleUse),
    outputsRead: ofType('member_expression').flatMap(toOutputRead),
    outputs: new Map(
      ofType('output_declaration').map((node) => [nameOf(node), expressionOf(node)?.text ?? '']),
    ),
    resources: ofType('resource_declaration').map((node) => stringOf(node)),
  };
}

function* descend(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child) yield* descend(child);
}

function isDeclaration({ type }: Node): boolean {
  return /^(parameter|variable|resource|module|output)_declaration$/.test(type);
}

/** Identifiers that stand for a value: no keys, no declared names, no loop or lambda variables. */
function findNames(node: Node, scope: ReadonlySet<string> = new Set()): Node[] {
  if (node.type === 'identifier') return scope.has(node.text) ? [] : [node];
  if (node.type === 'type') return [];
  const inner = new Set([...scope, ...boundBy(node)]);
  const [first] = named(node);
  const isKeyed = node.type === 'object_property' && first?.type === 'identifier';
  const skipped = isDeclaration(node) || isKeyed ? first : undefined;
  return named(node).flatMap((child) =>
    skipped && child.id === skipped.id ? [] : findNames(child, inner),
  );
}

/** The variables of a loop or a lambda: what comes first in it. */
function boundBy(node: Node): readonly string[] {
  if (node.type !== 'for_statement' && node.type !== 'lambda_expression') return [];
  const [bound] = named(node);
  if (!bound) return [];
  return [...descend(bound)].filter(({ childCount }) => childCount === 0).map(({ text }) => text);
}

function isIdentifier({ type }: Node): boolean {
  return type === 'identifier';
}

function named(node: Node): readonly Node[] {
  return node.namedChildren.filter((child) => child !== null);
}

function nameOf(declaration: Node): string {
  return named(declaration).find(isIdentifier)?.text ?? '';
}

function lineOf(node: Node): number {
  return node.startPosition.row + 1;
}

/** The expression of a declaration: what follows its name and type. */
function expressionOf(declaration: Node): Node | undefined {
  const last = named(declaration).at(-1);
  return last && last.type !== 'type' && !isFirst(declaration, last) ? last : undefined;
}

function isFirst(declaration: Node, node: Node): boolean {
  return named(declaration)[0]?.id === node.id;
}

function isOptional(param: Node): boolean {
  return expressionOf(param) !== undefined;
}

function stringOf(declaration: Node): string {
  const literal = named(declaration).find(({ type }) => type === 'string');
  return literal ? String(toValue(literal)) : '';
}

/** Literals as JavaScript values; anything computed as its text. */
function toValue(node: Node | undefined): unknown {
  switch (node?.type) {
    case 'string':
      return node.text.startsWith("'''") ? node.text.slice(3, -3) : node.text.slice(1, -1);
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'array':
      return named(node).map(toValue);
    case 'object':
      return toObject(node);
    default:
      return node?.text;
  }
}

function toObject(node: Node): Record<string, unknown> {
  const properties = named(node).filter(({ type }) => type === 'object_property');
  return Object.fromEntries(
    properties.map((property) => {
      const [key, value] = named(property);
      return [key?.text.replace(/^'|'$/g, '') ?? '', toValue(value)];
    }),
  );
}

function toModuleUse(node: Node): ModuleUse {
  const body = [...descend(node)].find(({ type }) => type === 'object');
  const property = body && named(body).find((child) => named(child)[0]?.text === 'params');
  const object = property && named(property)[1];
  const params = object?.type === 'object' ? Object.keys(toObject(object)) : [];
  return { name: nameOf(node), path: stringOf(node), params };
}

function toOutputRead({ text }: Node): (readonly [string, string])[] {
  const [, name, output] = /^(\w+)!?\.outputs\.(\w+)$/.exec(text) ?? [];
  return name && output ? [[name, output]] : [];
}
