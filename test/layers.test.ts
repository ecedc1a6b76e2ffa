import { execFile } from 'node:child_process';
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const ROOT = dirname(import.meta.dirname);
const BIOME = join(ROOT, 'node_modules/.bin/biome');

/** Files that break a rule each, in a copy of the project's outline. */
const BAD_FILES: readonly (readonly [what: string, path: string, source: string, rule?: string])[] =
  [
    [
      'the domain speaks an SDK',
      'shared/sdk.ts',
      "export type { TableClient } from '@azure/data-tables';",
    ],
    [
      'the domain imports an adapter',
      'shared/tokens/adapter.ts',
      "import '../entra/entra-http.ts';",
    ],
    [
      'the domain imports the Defender adapter',
      'shared/incidents/adapter.ts',
      "import '../defender/graph.ts';",
    ],
    ['the domain imports a trigger', 'shared/trigger.ts', "import '../functions/api.ts';"],
    ['an adapter imports another', 'shared/azure/adapter.ts', "import '../entra/entra-http.ts';"],
    [
      'the Defender adapter imports another',
      'shared/defender/adapter.ts',
      "import '../entra/entra-http.ts';",
    ],
    [
      'the Defender adapter imports a trigger',
      'shared/defender/trigger.ts',
      "import '../../functions/api.ts';",
    ],
    [
      'the Defender adapter speaks an SDK',
      'shared/defender/sdk.ts',
      "import '@azure/data-tables';",
    ],
    [
      'the domain speaks OpenTelemetry',
      'shared/spans.ts',
      "export type { Span } from '@opentelemetry/api';",
    ],
    ['an exporter speaks an SDK', 'shared/otel/sdk.ts', "import '@azure/data-tables';"],
    ['an adapter imports a trigger', 'shared/entra/trigger.ts', "import '../../functions/api.ts';"],
    ['an adapter registers functions', 'shared/azure/register.ts', "import '@azure/functions';"],
    ['a trigger speaks an SDK', 'functions/sdk.ts', "import '@azure/data-tables';"],
    [
      'a trigger imports an adapter',
      'functions/adapter.ts',
      "import '../shared/azure/key-vault/vault.ts';",
    ],
    ['the product imports the sandbox', 'shared/sandbox.ts', "import '../local/serve.ts';"],
    [
      'a trigger loads the library',
      'functions/load.ts',
      "import { app } from '@azure/functions';\napp;",
      'plugin',
    ],
    [
      'a handler reads the environment',
      'functions/env.ts',
      'export const x = process.env.X;',
      'noProcessEnv',
    ],
    [
      'the domain reads the environment',
      'shared/env.ts',
      'export const x = process.env.X;',
      'noProcessEnv',
    ],
    [
      'a package is not declared',
      'shared/package.ts',
      "import 'lodash';",
      'noUndeclaredDependencies',
    ],
    [
      'a barrel hides where things live',
      'shared/barrel.ts',
      "export * from './errors.ts';",
      'noReExportAll',
    ],
  ];

const outline = await mkdtemp(join(tmpdir(), 'layers-'));
afterAll(() => rm(outline, { recursive: true, force: true }));
const said = await lintBadFiles();

async function lintBadFiles(): Promise<string> {
  const config = JSON.parse(await readFile(join(ROOT, 'biome.json'), 'utf8'));
  const text = JSON.stringify({ ...config, $schema: undefined, vcs: { enabled: false } });
  await writeFile(join(outline, 'biome.json'), text);
  await cp(join(ROOT, 'package.json'), join(outline, 'package.json'));
  for (const [, path, source] of BAD_FILES) {
    await mkdir(dirname(join(outline, path)), { recursive: true });
    await writeFile(join(outline, path), `${source}\n`);
  }
  await cp(join(ROOT, 'functions/type-only.grit'), join(outline, 'functions/type-only.grit'));
  return await new Promise((resolve) => {
    execFile(
      BIOME,
      ['lint', '--reporter=github', '--max-diagnostics=none'],
      { cwd: outline },
      (_, out) => resolve(out),
    );
  });
}

test.each(BAD_FILES.map(([what, path, , rule = 'noRestrictedImports']) => ({ what, path, rule })))(
  'the linter refuses it when $what',
  ({ path, rule }) => {
    const lines = said.split('\n').filter((line) => line.includes(path) && line.includes(rule));
    expect(lines).not.toEqual([]);
  },
);

/**
 * Folders of shared/ that import each other. The list may only become shorter: move what both need
 * to one of them, or declare a port.
 */
const MUTUAL_FOLDERS: readonly string[] = [];

/** Each folder that `toFolder` names, with those that its files import. */
async function readImports(
  pattern: string,
  toFolder: (path: string) => string,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const imports = new Map<string, Set<string>>();
  for await (const path of glob(pattern, { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8');
    const targets = imports.get(toFolder(path)) ?? new Set();
    for (const [, target = ''] of text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)) {
      targets.add(toFolder(normalize(join(dirname(path), target))));
    }
    imports.set(toFolder(path), targets);
  }
  return imports;
}

function listMutual(imports: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  return [...imports].flatMap(([folder, targets]) =>
    [...targets]
      .filter((target) => target < folder && imports.get(target)?.has(folder))
      .map((target) => `${target} and ${folder}`),
  );
}

test('folders that import each other are found', () => {
  const imports = { a: ['b'], b: ['a', 'c'], c: ['a'] };
  const sets = Object.entries(imports).map(([folder, all]) => [folder, new Set(all)] as const);
  expect(listMutual(new Map(sets))).toEqual(['a and b']);
});

test('no two folders of shared/ import each other', async () => {
  // What lies in shared/ itself belongs to everybody.
  const imports = await readImports('shared/**/*.ts', (path) =>
    path.split('/').length > 2 ? path.split('/').slice(0, 2).join('/') : path,
  );
  expect(imports.size).toBeGreaterThan(20);
  expect(listMutual(imports)).toEqual(MUTUAL_FOLDERS);
});

test('no two folders of shared/azure import each other', async () => {
  expect(listMutual(await readImports('shared/azure/**/*.ts', dirname))).toEqual([]);
});

test('no folder of shared/azure has more than ten files', async () => {
  const counts = new Map<string, number>();
  for await (const path of glob('shared/azure/**/*.ts', { cwd: ROOT })) {
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > 10)).toEqual([]);
});

/** The texts name their language, a type that is made from the list of all texts. */
const ALLOWED_CIRCLES = ['shared/consent/languages/'];

/** The files that are left when those go that import nothing else, or that nothing imports. */
function listCircles(imports: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const left = new Map([...imports].map(([file, targets]) => [file, new Set(targets)] as const));
  const isTied = (file: string, targets: ReadonlySet<string>) =>
    [...targets].some((target) => target !== file && left.has(target)) &&
    [...left].some(([other, others]) => other !== file && others.has(file));
  for (let before = 0; before !== left.size; ) {
    before = left.size;
    for (const [file, targets] of left) if (!isTied(file, targets)) left.delete(file);
  }
  return [...left.keys()];
}

test('files in a circle are found', () => {
  const imports = { a: ['b'], b: ['c'], c: ['b', 'd'], d: [] };
  const sets = Object.entries(imports).map(([file, all]) => [file, new Set(all)] as const);
  expect(listCircles(new Map(sets))).toEqual(['b', 'c']);
});

test.each(['shared', 'functions', 'console', 'local', 'bench'])(
  'no files of %s/ import each other in a circle',
  async (folder) => {
    const imports = await readImports(`${folder}/**/*.{ts,tsx}`, (path) => path);
    expect(imports.size).toBeGreaterThan(20);
    const circles = listCircles(imports).filter(
      (file) => !ALLOWED_CIRCLES.some((allowed) => file.startsWith(allowed)),
    );
    expect(circles).toEqual([]);
  },
);
