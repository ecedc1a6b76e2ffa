import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { readWorkerArguments } from '../support/read-in-process.ts';
import type { TokenWeights, Weight } from '../support/weigh-tokens.ts';

const TOKENS = 20_000;

/** Fills the broker's cache, or a bare Map, in a process of its own. */
async function weighTokens(
  holder: 'broker' | 'map',
  count: number,
  workerArguments: readonly string[],
): Promise<TokenWeights> {
  const file = join(import.meta.dirname, '../support/weigh-tokens.ts');
  const execArgv = ['--expose-gc', ...workerArguments];
  const child = fork(file, [holder, String(count)], { execArgv });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The process ended with code ${code}.`);
  });
  const [weights] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  // Only that file sends here.
  return weights as TokenWeights;
}

async function measure(count: number, workerArguments: readonly string[]): Promise<readonly Row[]> {
  const bounded = await weighTokens('broker', count, workerArguments);
  const boundedMap = await weighTokens('map', count, workerArguments);
  const broker = await weighTokens('broker', count, []);
  const map = await weighTokens('map', count, []);
  return [
    {
      ...toResidentRow('resident memory, over the idle process', bounded, boundedMap),
      bar: { of: 'measured', is: 'at most', limit: 80 },
    },
    {
      ...toResidentRow('the same with the heap that V8 takes on this machine', broker, map),
      bar: { of: 'ratio', is: 'at most', limit: 1.1 },
    },
    {
      what: 'resident memory right after filling, with what V8 keeps for garbage',
      measured: { value: bounded.busy - bounded.idle.resident, unit: 'MB' },
      against: {
        name: 'a bare Map',
        value: boundedMap.busy - boundedMap.idle.resident,
        unit: 'MB',
      },
      ratio: (bounded.busy - bounded.idle.resident) / (boundedMap.busy - boundedMap.idle.resident),
    },
    ...toHeapRows(bounded, boundedMap),
  ];
}

function toResidentRow(what: string, broker: TokenWeights, map: TokenWeights): Row {
  const [measured, floor] = [toGrowth(broker, 'resident'), toGrowth(map, 'resident')];
  return {
    what,
    measured: { value: measured, unit: 'MB' },
    against: { name: 'a bare Map', value: floor, unit: 'MB' },
    ratio: measured / floor,
    limit:
      'The Map holds the text of the same answers and nothing else: the rest is what V8 and the C library keep after 20,000 answers were read.',
  };
}

function toHeapRows(broker: TokenWeights, map: TokenWeights): readonly Row[] {
  const heap = toGrowth(broker, 'heap');
  const floor = toGrowth(map, 'heap');
  return [
    {
      what: 'heap and buffers, over the idle process',
      measured: { value: heap, unit: 'MB' },
      against: { name: 'a bare Map', value: floor, unit: 'MB' },
      ratio: heap / floor,
      bar: { of: 'ratio', is: 'at most', limit: 1.1 },
    },
    {
      what: 'heap and buffers, against the bare text of the tokens',
      measured: { value: heap, unit: 'MB' },
      against: { name: 'text', value: broker.text, unit: 'MB' },
      ratio: heap / broker.text,
    },
    {
      what: 'on top, when every token is of another tenant: their records',
      measured: { value: broker.directory, unit: 'MB' },
      against: { name: 'the tokens', value: heap, unit: 'MB' },
      ratio: broker.directory / heap,
    },
  ];
}

function toGrowth({ idle, full }: TokenWeights, name: keyof Weight): number {
  return full[name] - idle[name];
}

await reportSection(async ({ quick }): Promise<SectionResult> => {
  const count = quick ? TOKENS / 10 : TOKENS;
  const workerArguments = await readWorkerArguments();
  return {
    rows: await measure(count, workerArguments),
    notes: [
      `${count.toLocaleString('en-US')} tokens of 1.5 to 2.5 KB, requested, parsed, compared, sealed and cached by the broker.`,
      `Each in a process of its own; the heap is bounded as the template bounds it on the smallest instance: ${workerArguments.join(' ')}.`,
    ],
  };
});
