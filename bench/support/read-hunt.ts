import { setTimeout as sleep } from 'node:timers/promises';
import { createAzureClients } from '../../shared/azure/clients/clients.ts';
import { createHuntRig, HUNTER } from './hunt-fixture.ts';

/** What reading took, in MB over what the process had after a first page. */
export interface ReadReport {
  readonly rows: number;
  readonly pages: number;
  readonly bytes: number;
  readonly overIdle: number;
  readonly seconds: number;
}

/**
 * A process that reads a hunt as CSV pages to its end, as a host that does nothing else:
 * `connection suffix huntId`.
 */
async function read([connectionString = '', suffix = '', huntId = '']: readonly string[]) {
  const storage = { connectionString };
  const azure = createAzureClients({
    storage,
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  const fetch = () => Promise.reject(new Error('Nobody is asked.'));
  const { hunts, readResults } = createHuntRig({ azure, suffix, fetch });
  const [hunt, progress] = [await hunts.find(huntId), await hunts.findProgress(huntId)];
  if (!hunt || !progress) throw new Error('There is no such hunt.');
  const about = { caller: HUNTER, hunt, progress: progress.value, format: 'csv' } as const;
  // A process that has served a page: code is compiled, and V8 has room for the garbage of one.
  await readResults({ ...about, cursor: undefined });
  const idle = await weigh();
  const startedAt = performance.now();
  let [rows, pages, bytes, peak] = [0, 0, 0, idle];
  let cursor: string | undefined;
  do {
    const page = await readResults({ ...about, cursor });
    rows += page.rows;
    bytes += page.text.length;
    pages++;
    cursor = page.next;
    peak = Math.max(peak, process.memoryUsage().rss);
  } while (cursor !== undefined);
  const overIdle = (peak - idle) / 2 ** 20;
  const seconds = (performance.now() - startedAt) / 1000;
  process.send?.({ rows, pages, bytes, overIdle, seconds } satisfies ReadReport);
  process.disconnect();
}

async function weigh(): Promise<number> {
  for (let turn = 0; turn < 3; turn++) {
    globalThis.gc?.();
    await sleep(100);
  }
  return process.memoryUsage().rss;
}

await read(process.argv.slice(2));
