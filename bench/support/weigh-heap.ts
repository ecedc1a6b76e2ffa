import { setTimeout as sleep } from 'node:timers/promises';

/** What this process holds, in MB, when garbage is collected. */
export async function weighHeap(): Promise<number> {
  if (!globalThis.gc) throw new Error('Run this with --expose-gc.');
  for (let turn = 0; turn < 3; turn++) {
    await globalThis.gc({ type: 'major', execution: 'async', flavor: 'last-resort' });
    await sleep(50);
  }
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}
