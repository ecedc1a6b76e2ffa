import { expect, test } from 'vitest';
import type { BuildOutput } from '../../../local/bicep/build.ts';
import { findProblems } from '../../../local/bicep/check.ts';
import { readPinnedVersion } from '../../../local/bicep/compiler.ts';
import { readJson } from '../../infra/project.ts';

const SOURCES = new Map([['main.bicep', 'param a string\n']]);
const TEMPLATE = '{"metadata":{"_generator":{"version":"2"}},"resources":{}}';

/** What the compiler says of sources that it likes, with what differs. */
function toOutput(differing: Partial<BuildOutput> = {}): BuildOutput {
  const build = { failed: false, output: '' };
  return { build, template: TEMPLATE, formatted: SOURCES, ...differing };
}

test('silence, the committed format and the committed template are no problem', () => {
  expect(findProblems(toOutput(), { sources: SOURCES, template: TEMPLATE })).toEqual([]);
});

test('a warning is a problem', () => {
  const warned = toOutput({
    build: { failed: false, output: 'infra/main.bicep(1,1) : Warning x' },
  });
  const problems = findProblems(warned, { sources: SOURCES, template: TEMPLATE });
  expect(problems).toEqual(['infra/main.bicep(1,1) : Warning x']);
});

test('a compiler that dies without a word is a problem', () => {
  const dead = toOutput({ build: { failed: true, output: '' } });
  expect(findProblems(dead, { sources: SOURCES, template: TEMPLATE })).toEqual([
    'The compiler failed, and did not say why.',
  ]);
});

test('a template that the compiler would write differently is stale', () => {
  const changed = TEMPLATE.replace('{}', '{"a":{}}');
  expect(findProblems(toOutput(), { sources: SOURCES, template: changed })).toEqual([
    'infra/main.json is stale: npm run bicep -- --write',
  ]);
  expect(findProblems(toOutput(), { sources: SOURCES, template: '' })).toHaveLength(1);
});

test('the mark of another version of the compiler makes no template stale', () => {
  const marked = TEMPLATE.replace('"2"', '"1"');
  expect(findProblems(toOutput(), { sources: SOURCES, template: marked })).toEqual([]);
});

test('a file that the formatter would write differently is named', () => {
  const sources = new Map([['main.bicep', 'param  a string\n']]);
  expect(findProblems(toOutput(), { sources, template: TEMPLATE })).toEqual([
    'infra/main.bicep is not formatted as bicep format does.',
  ]);
});

test('the compiler is pinned to one version, with its hash', async () => {
  const { dependencies } = await readJson('infra/compiler/packages.lock.json');
  const [locked] = Object.values<Record<string, unknown>>(dependencies);
  expect(locked).toEqual({
    'Azure.Bicep.CommandLine.linux-x64': {
      type: 'Direct',
      requested: expect.any(String),
      resolved: await readPinnedVersion(),
      contentHash: expect.stringMatching(/^[\w+/]{86}==$/),
    },
  });
});
