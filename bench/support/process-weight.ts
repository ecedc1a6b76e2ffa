import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const KB_PER_MB = 1024;

/** Linux counts processor time in ticks of ten milliseconds. */
const TICK_MS = 10;

/** Resident memory of a process, in MB. */
export async function weigh(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / KB_PER_MB;
}

/** Watches a process until it is called; then answers the largest weight. */
export function watchWeight(pid: number): () => Promise<number> {
  let peak = 0;
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      peak = Math.max(peak, await weigh(pid));
      await sleep(10);
    }
  })();
  return async () => {
    isOver = true;
    await watching;
    return peak;
  };
}

/** Milliseconds of processor that a process has used. */
export async function readProcessorMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}
