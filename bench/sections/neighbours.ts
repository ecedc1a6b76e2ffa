import { setTimeout as sleep } from 'node:timers/promises';
import { type ForkedHost, forkHost } from '../environment/host.ts';
import { seedBroker } from '../environment/seed.ts';
import { startEnvironment, type TestEnvironment } from '../environment/start-environment.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { type LoadRequest, measureThroughput } from '../support/load.ts';
import { drawTenants, measureInTurn, timeCalls } from '../support/statistics.ts';
import { createWarm } from '../support/warm.ts';

const CALLS = 20_000;

/** By then a caller at full speed has used up what it may have at once. */
const BURST_SECONDS = 3;

const NOTES = [
  'In process: one cached token again and again, with the check of the caller, the look for any grant and the',
  'ledger as second witness, and without. Over HTTP: what that is of a request, by its throughput in this run.',
  'The other caller reads lists as fast as it is answered, over one connection; after its burst that is 429. The floor: it asks',
  'an empty function of the same host instead, which is what any request beside costs in one thread.',
];

/** The whole exchange in process, with what guards it and without, in turns. */
async function measureGuards({ quick }: SectionOptions): Promise<Readonly<Record<Side, number>>> {
  const sides = { guarded: await createWarm(1), bare: await createWarm(1, false) };
  const rounds = new Map(
    (['guarded', 'bare'] as const).map((side) => {
      const { tenantIds, serveToken } = sides[side];
      return [side, () => timeCalls(drawTenants(tenantIds, CALLS), serveToken)] as const;
    }),
  );
  const medians = await measureInTurn(rounds, quick ? 5 : 61);
  const at = (side: Side) => medians.get(side) ?? Number.NaN;
  return { guarded: at('guarded'), bare: at('bare') };
}

type Side = 'guarded' | 'bare';

function toRequests({ tenantIds, callerToken, otherCaller }: TestEnvironment, { url }: ForkedHost) {
  const token: LoadRequest = {
    method: 'POST',
    url: `${url}/api/tenants/${tenantIds[0]}/token`,
    headers: { authorization: `Bearer ${callerToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ resource: 'defender-xdr', min_ttl: 60 }),
  };
  const list: LoadRequest = {
    method: 'GET',
    url: `${url}/api/incidents?limit=100`,
    headers: { authorization: `Bearer ${otherCaller.token}` },
  };
  const empty: LoadRequest = { method: 'GET', url: `${url}/api/empty` };
  return { token, list, empty };
}

/** Microseconds of a cached token while nobody, or another caller, asks for something else. */
async function measureNeighbour(
  { token, list, empty }: ReturnType<typeof toRequests>,
  { quick }: SectionOptions,
): Promise<ReadonlyMap<'alone' | 'beside' | 'floor', number>> {
  const seconds = quick ? 1 : 3;
  const one = { connections: 1, seconds };
  const toMicroseconds = (perSecond: number) => 1_000_000 / perSecond;
  const flood = (request: LoadRequest) =>
    measureThroughput(request, {
      connections: 1,
      seconds: seconds + BURST_SECONDS + 1,
      mayBeRefused: true,
    });
  await measureThroughput(token, one);
  await flood(list);
  await flood(empty);
  const alone = async () => toMicroseconds(await measureThroughput(token, one));
  const beside = (request: LoadRequest) => async () => {
    const flooding = flood(request);
    await sleep(BURST_SECONDS * 1000);
    const time = await alone();
    await flooding;
    return time;
  };
  return await measureInTurn(
    new Map([
      ['alone', alone],
      ['beside', beside(list)],
      ['floor', beside(empty)],
    ] as const),
    quick ? 3 : 5,
  );
}

function toGuardRows({ guarded, bare }: Record<Side, number>, overHttp: number): readonly Row[] {
  const unit = 'µs';
  const added = guarded - bare;
  const bar = { of: 'ratio', is: 'at most', limit: 1.03 } as const;
  return [
    {
      what: 'whole exchange in process: with its guards',
      measured: { value: guarded, unit },
      against: { name: 'without', value: bare, unit },
      ratio: guarded / bare,
    },
    {
      what: 'cached token over HTTP: with its guards',
      measured: { value: overHttp, unit },
      against: { name: 'without', value: overHttp - added, unit },
      ratio: overHttp / (overHttp - added),
      bar,
    },
  ];
}

await reportSection(async (options): Promise<SectionResult> => {
  const guards = await measureGuards(options);
  const environment = await startEnvironment({ tenants: 1 });
  await seedBroker(environment);
  const host = await forkHost(environment.settings, { quiet: true, app: 'bench/fixture' });
  try {
    const requests = toRequests(environment, host);
    const times = await measureNeighbour(requests, options);
    const at = (name: 'alone' | 'beside' | 'floor') => times.get(name) ?? Number.NaN;
    const [alone, beside, floor] = [at('alone'), at('beside'), at('floor')];
    const neighbour: Row = {
      what: 'cached token while another caller reads lists at full speed',
      measured: { value: beside, unit: 'µs' },
      against: { name: 'alone', value: alone, unit: 'µs' },
      ratio: beside / alone,
      limit: 'Each refusal and list takes the one thread of the process for a while.',
      bar: { of: 'ratio', is: 'at most', limit: 1.3 },
    };
    const overFloor: Row = {
      what: 'the same, of a cached token while the other asks an empty function',
      measured: { value: beside, unit: 'µs' },
      against: { name: 'beside an empty function', value: floor, unit: 'µs' },
      ratio: beside / floor,
      bar: { of: 'ratio', is: 'at most', limit: 1.3 },
    };
    return { rows: [...toGuardRows(guards, alone), neighbour, overFloor], notes: NOTES };
  } finally {
    await host.stop();
    await environment.stop();
  }
});
