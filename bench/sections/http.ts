import { type ForkedHost, forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { type LoadRequest, measureThroughput } from '../support/load.ts';
import { measureInTurn } from '../support/statistics.ts';

const CONNECTIONS = 32;

/** The requests that are compared. */
type Target = 'token' | 'plain POST' | 'empty POST' | 'empty GET';

const NOTES = [
  `One host process without a log, ${CONNECTIONS} keep-alive connections from another process, rounds in turn.`,
  'The token route checks the caller, reads the body, decides, and answers 1.5 KB. Empty: {status:"up"} at once, for',
  'the same POST or for a bare GET. Plain: reads the same body, answers as much, and does nothing else.',
];

const LIMIT =
  'A handler that reads the same body and answers as much, and does nothing else, is what can be reached: its own row says how much of the empty one that is.';

function toTargets(
  { tenantIds, callerToken }: TestEnvironment,
  { url }: ForkedHost,
): Readonly<Record<Target, LoadRequest>> {
  const post = {
    method: 'POST' as const,
    headers: { authorization: `Bearer ${callerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resource: 'defender-xdr', min_ttl: 60 }),
  };
  return {
    token: { ...post, url: `${url}/api/tenants/${tenantIds[0]}/token` },
    'plain POST': { ...post, url: `${url}/api/plain` },
    'empty POST': { ...post, url: `${url}/api/empty` },
    'empty GET': { method: 'GET', url: `${url}/api/empty` },
  };
}

async function measure(
  targets: Readonly<Record<Target, LoadRequest>>,
  { quick }: SectionOptions,
): Promise<ReadonlyMap<Target, number>> {
  const round = (name: Target, seconds: number) => () =>
    measureThroughput(targets[name], { connections: CONNECTIONS, seconds });
  const names: readonly Target[] = ['token', 'plain POST', 'empty POST', 'empty GET'];
  // The first requests compile the host and fill the cache.
  for (const name of names) await round(name, quick ? 1 : 2)();
  const rounds = new Map(names.map((name) => [name, round(name, quick ? 1 : 3)]));
  return await measureInTurn(rounds, quick ? 2 : 5);
}

function toRows(measured: ReadonlyMap<Target, number>): readonly Row[] {
  const at = (name: Target) => measured.get(name) ?? Number.NaN;
  const compare = (what: string, of: Target, name: Target): Row => ({
    what: `${what}, of the throughput of: ${name}`,
    measured: { value: at(of), unit: 'req/s' },
    against: { name, value: at(name), unit: 'req/s' },
    ratio: at(of) / at(name),
  });
  const against = (name: Target) => compare('token route', 'token', name);
  const atLeast = (limit: number) => ({ of: 'ratio', is: 'at least', limit }) as const;
  return [
    { ...against('plain POST'), bar: atLeast(0.88) },
    { ...against('empty POST'), bar: atLeast(0.78), limit: LIMIT },
    compare('plain POST', 'plain POST', 'empty POST'),
    against('empty GET'),
  ];
}

await reportSection(async (options): Promise<SectionResult> => {
  const environment = await startEnvironment({ tenants: 1 });
  await seedBroker(environment);
  const host = await forkHost(environment.settings, { app: 'bench/fixture', quiet: true });
  try {
    return { rows: toRows(await measure(toTargets(environment, host), options)), notes: NOTES };
  } finally {
    await host.stop();
    await environment.stop();
  }
});
