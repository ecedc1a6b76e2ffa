import { expect, test } from 'vitest';
import { findPaths, readJson, readText } from './project.ts';
import { findCalls, findShell, toCommand } from './shell-commands.ts';

/**
 * Commands that the real tool parsed, or that were looked up, each with the options that were seen.
 */
type Seen = Readonly<
  Record<string, { readonly options: readonly string[]; readonly seen: string }>
>;
const known: Readonly<Record<string, Seen>> = await readJson('test/infra/tool-commands.json');

const documents = await Promise.all(
  ['deploy', 'operations', 'partners', 'runbook'].map((name) => readText(`docs/${name}.md`)),
);
const hooks = await Promise.all((await findPaths('infra/hooks/*.sh')).map(readText));
const scripts = [...documents.flatMap(findShell), ...hooks];

/** The longest known command that a call begins with, and what of it nobody has looked at. */
function lookUp(tool: string, call: string) {
  const { name, options } = toCommand(call);
  const commands = Object.entries(known[tool] ?? {});
  const [found] = commands
    .filter(([command]) => name === command || name.startsWith(`${command} `))
    .toSorted(([a], [b]) => b.length - a.length);
  if (!found) return { command: undefined, unseen: [`${tool} ${name}`] };
  const [command, { options: seen }] = found;
  return { command, unseen: options.filter((option) => !seen.includes(option)) };
}

test.each(['az', 'azd'])('every command of %s was parsed by it or looked up', (tool) => {
  const calls = scripts.flatMap((script) => findCalls(script, tool));
  const looks = calls.map((call) => lookUp(tool, call));
  expect(calls.length).toBeGreaterThan(5);
  expect(looks.flatMap(({ unseen }) => unseen)).toEqual([]);
  const used = new Set(looks.map(({ command }) => command));
  expect([...used].toSorted()).toEqual(Object.keys(known[tool] ?? {}));
});

test('calls are found wherever they stand, with their options, and nowhere else', () => {
  const script = [
    '# az in a comment --no',
    'A=$(az one two --id "x|y" --query "[0]") || stop "Run: az login --tenant z"',
    'az three --scope "$(az four --name "n" --query id)" \\',
    '  --output table | tr a b',
    'if az five --flag; then echo "(if az does not know it)"; fi',
    'try 20 "access to it" az six --file x',
  ].join('\n');
  expect(findCalls(script, 'az').map(toCommand)).toEqual([
    { name: 'one two', options: ['--id', '--query'] },
    { name: 'three', options: ['--scope', '--name', '--query', '--output'] },
    { name: 'four', options: ['--name', '--query'] },
    { name: 'five', options: ['--flag'] },
    { name: 'six', options: ['--file'] },
  ]);
});
