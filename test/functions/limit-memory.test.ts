import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { moduleAt } from '../infra/template.ts';

const MODULE = join(import.meta.dirname, '../../functions/limit-memory.ts');

/** Makes garbage as requests do, and says how large the space for new objects has become, in MB. */
const PROGRAM = `
import { getHeapSpaceStatistics } from 'node:v8';
import { limitMemory } from '${MODULE}';
limitMemory(process.env, process.execArgv);
const kept = new Map();
for (let i = 0; i < 400_000; i++) {
  kept.set(i % 20_000, { text: JSON.stringify({ i, text: Math.random().toString(36).repeat(20) }) });
}
const space = getHeapSpaceStatistics().find((found) => found.space_name === 'new_space');
console.log(Math.round(space.space_size / 2 ** 20));
`;

async function measureNewSpace(asked: string, started: readonly string[] = []): Promise<number> {
  const args = [...started, '--input-type=module-typescript', '--eval', PROGRAM];
  const env = { ...process.env, languageWorkers__node__arguments: asked };
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return Number(stdout);
}

const [, SMALL = ''] =
  /'(--max-old[^']*)'/.exec(String(moduleAt('broker').variables.workerArguments)) ?? [];

test('the smallest instance bounds the heap and its space for new objects', () => {
  expect(SMALL).toBe('--max-old-space-size=256 --max-semi-space-size=8');
});

test('new objects take little room where the host started the worker without its arguments', async () => {
  expect(await measureNewSpace(SMALL)).toBeLessThanOrEqual(4);
});

test('they take what the arguments allow where the host started the worker with them', async () => {
  expect(await measureNewSpace(SMALL, SMALL.split(' '))).toBeGreaterThan(4);
});

test('nothing is limited where nothing was asked for', async () => {
  expect(await measureNewSpace('')).toBeGreaterThan(16);
});
