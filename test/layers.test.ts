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

/** Each folder of the storage adapter with the folders beside it that its files import. */
async function readAdapterImports(): Promise<ReadonlyMap<string, readonly string[]>> {
  const imports = new Map<string, string[]>();
  for await (const path of glob('shared/azure/**/*.ts', { cwd: ROOT })) {
    const text = await readFile(join(ROOT, path), 'utf8');
    const folder = dirname(path);
    const targets = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, target = '']) =>
      dirname(normalize(join(folder, target))),
    );
    imports.set(folder, [...(imports.get(folder) ?? []), ...targets]);
  }
  return imports;
}

test('no two folders of shared/azure import each other', async () => {
  const imports = await readAdapterImports();
  const pairs = [...imports].flatMap(([folder, targets]) =>
    targets
      .filter((target) => target < folder && imports.get(target)?.includes(folder))
      .map((target) => `${target} and ${folder}`),
  );
  expect(pairs).toEqual([]);
});

test('no folder of shared/azure has more than ten files', async () => {
  const counts = new Map<string, number>();
  for await (const path of glob('shared/azure/**/*.ts', { cwd: ROOT })) {
    counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
  }
  expect([...counts].filter(([, count]) => count > 10)).toEqual([]);
});
