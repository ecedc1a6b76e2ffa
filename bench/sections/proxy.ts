import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ForkedHost, forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import { startUpstream, type Upstream } from '../environment/start-upstream.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { ask } from '../support/ask.ts';
import { watchWeight, weigh } from '../support/process-weight.ts';
import { measureInTurn, median } from '../support/statistics.ts';

const KB = 1024;
const MB = 1024 * KB;

/** What the proxy gives calls under way on a machine with this much memory or more. */
const BUDGET_MB = 256;

/**
 * Half a gigabyte for the host, as the smallest instance has it, would make the budget smaller than
 * two answers.
 */
const PARALLEL = 50;

const NOTES = [
  'Host processes without a log; the API is another process that answers after 20 ms. All are warm: each has answered 500',
  'calls before. One connection, one call after the other, in turn; the median. Relay: a function in the same kind of host that',
  'only asks the API and hands the answer to the library, so that is what host and library cost. Memory: 50 calls of 20 MB each at once, the resident memory of the',
  'host sampled every 10 ms; whoever is told to come back does, after the time that it was told.',
];

interface Place {
  readonly environment: TestEnvironment;
  readonly host: ForkedHost;
  readonly relay: ForkedHost;
  readonly upstream: Upstream;
}

const agent = new Agent({ keepAlive: true });

function toUrls({ environment, host, relay, upstream }: Place, size: number) {
  const path = `/v1.0/x?size=${size}`;
  return {
    direct: `${upstream.url}${path}`,
    proxy: `${host.url}/api/tenants/${environment.tenantIds[0]}/apis/graph${path}`,
    relay: `${relay.url}/api/relay/${size}`,
  };
}

const WARM_CALLS = 500;

/** Code that runs for the first time is slow, and a host in use has run it long ago. */
async function warmUp(urls: readonly string[], token: string): Promise<void> {
  const through = new Agent({ keepAlive: true });
  for (const url of urls) {
    let left = WARM_CALLS;
    const askAll = async () => {
      while (left-- > 0) await ask(url, token, through);
    };
    await Promise.all(Array.from({ length: 16 }, askAll));
  }
  through.destroy();
}

async function measureLatency(
  place: Place,
  { size, limit, quick }: { size: number; limit: number; quick: boolean },
): Promise<readonly Row[]> {
  const { callerToken } = place.environment;
  const urls = toUrls(place, size);
  const round = (url: string, count: number) => async () => {
    const times: number[] = [];
    for (let turn = 0; turn < count; turn++) {
      const startedAt = performance.now();
      const { status } = await ask(url, callerToken, agent);
      if (status !== 200) throw new Error(`${url} answered ${status}.`);
      times.push(performance.now() - startedAt);
    }
    return median(times);
  };
  await warmUp([urls.proxy, urls.relay], callerToken);
  const count = quick ? 15 : 30;
  const rounds = new Map(Object.entries(urls).map(([name, url]) => [name, round(url, count)]));
  const measured = await measureInTurn(rounds, quick ? 3 : 9);
  const at = (name: keyof typeof urls) => measured.get(name) ?? Number.NaN;
  const [direct, proxy, relay] = [at('direct'), at('proxy'), at('relay')];
  return [
    {
      what: `a call of ${size / KB} KB through the proxy, of the time of a direct call`,
      measured: { value: proxy, unit: 'ms' },
      against: { name: 'direct', value: direct, unit: 'ms' },
      ratio: proxy / direct,
      limit: 'The next row is what host and library cost without us.',
      bar: { of: 'ratio', is: 'at most', limit },
    },
    {
      what: `a call of ${size / KB} KB through a function that only relays`,
      measured: { value: relay, unit: 'ms' },
      against: { name: 'direct', value: direct, unit: 'ms' },
      ratio: relay / direct,
    },
  ];
}

async function measureMemory(place: Place): Promise<readonly Row[]> {
  const { host, environment } = place;
  const { proxy } = toUrls(place, 20 * MB);
  const through = new Agent({ keepAlive: true, maxSockets: PARALLEL });
  const idle = await weigh(host.pid);
  const stopWatching = watchWeight(host.pid);
  let refused = 0;
  const insist = async () => {
    for (;;) {
      const { status, bytes, retryAfter } = await ask(proxy, environment.callerToken, through);
      if (status === 200 && bytes > 20 * MB) return;
      if (status !== 503) throw new Error(`The proxy answered ${status}.`);
      refused++;
      await sleep(retryAfter * 1000);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, insist));
  const peak = await stopWatching();
  return [
    {
      what: `memory over idle with ${PARALLEL} answers of 20 MB at once`,
      measured: { value: peak - idle, unit: 'MB' },
      against: { name: 'budget', value: BUDGET_MB, unit: 'MB' },
      bar: { of: 'measured', is: 'at most', limit: BUDGET_MB + 64 },
    },
    {
      what: `told to come back meanwhile; all ${PARALLEL} were answered`,
      measured: { value: refused, unit: '' },
      against: { name: 'calls', value: PARALLEL, unit: '' },
    },
  ];
}

async function measure(place: Place, { quick }: SectionOptions): Promise<readonly Row[]> {
  const sizes = [
    { size: 10 * KB, limit: 1.15 },
    { size: MB, limit: 1.3 },
  ];
  const rows: Row[] = [];
  for (const size of sizes) rows.push(...(await measureLatency(place, { ...size, quick })));
  return [...rows, ...(await measureMemory(place))];
}

await reportSection(async (options): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: 1 });
  await seedBroker(environment);
  const upstream = await startUpstream();
  const settings = { ...environment.settings, GRAPH_API_URL: upstream.url };
  const host = await forkHost(settings, { quiet: true });
  const relay = await forkHost(settings, { quiet: true, app: 'bench/relay' });
  try {
    return { rows: await measure({ environment, host, relay, upstream }, options), notes: NOTES };
  } finally {
    agent.destroy();
    await host.stop();
    await relay.stop();
    await upstream.stop();
    await environment.stop();
  }
});
