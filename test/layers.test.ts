import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
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
    ['a trigger imports an adapter', 'functions/adapter.ts', "import '../shared/azure/vault.ts';"],
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
