import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { createFilledMsal } from '../support/msal.ts';
import { drawTenants, measureInTurn, type Round, timeCalls } from '../support/statistics.ts';
import { createWarm, type Warm } from '../support/warm.ts';

const SIZES = [1, 100, 2000, 5000, 20_000] as const;
const MSAL_SIZES = [1, 100, 1000, 5000] as const;
const CALLS = 10_000;
const MSAL_CALLS = 40;

type OwnName =
  | `${'getToken' | 'serveToken' | 'lookUp'} ${number}`
  | 'getToken hot'
  | 'serveToken hot';

function measureOwn(
  warm: readonly Warm[],
  { quick }: SectionOptions,
): Promise<ReadonlyMap<OwnName, number>> {
  const rounds = new Map<OwnName, Round>();
  for (const one of warm) {
    for (const name of ['getToken', 'serveToken', 'lookUp'] as const) {
      rounds.set(`${name} ${one.tenantIds.length}`, toRound(one, name));
    }
  }
  const largest = warm.at(-1);
  if (!largest) throw new Error('Nothing is cached.');
  const hot = { ...largest, tenantIds: largest.tenantIds.slice(0, 1) };
  rounds.set('getToken hot', toRound(hot, 'getToken'));
  rounds.set('serveToken hot', toRound(hot, 'serveToken'));
  return measureInTurn(rounds, quick ? 5 : 41);
}

function toRound(warm: Warm, name: 'getToken' | 'serveToken' | 'lookUp'): Round {
  return () => timeCalls(drawTenants(warm.tenantIds, CALLS), warm[name]);
}

function toOwnRows(own: ReadonlyMap<OwnName, number>): readonly Row[] {
  const at = (name: OwnName) => own.get(name) ?? Number.NaN;
  return (['getToken', 'serveToken'] as const).flatMap((name) => {
    const title =
      name === 'getToken' ? 'broker.getToken' : 'whole exchange (policy, epoch, tenant)';
    const sizes = SIZES.map((size) => ({
      what: `${title}, ${size.toLocaleString('en-US')} cached`,
      measured: { value: at(`${name} ${size}`), unit: 'µs' },
      against: { name: 'a bare Map', value: at(`lookUp ${size}`), unit: 'µs' },
    }));
    return [...sizes, ...toFlatRows(title, name, at)];
  });
}

/**
 * Whether the number of tokens costs anything: as it is, without what memory costs, and beside a
 * bare map's loss.
 */
function toFlatRows(
  title: string,
  name: 'getToken' | 'serveToken',
  at: (name: OwnName) => number,
): readonly Row[] {
  const [one, all] = [at(`${name} 1`), at(`${name} 20000`)];
  const flat = { of: 'ratio', is: 'at most', limit: 1.5 } as const;
  const against = { name: '1 cached', value: one, unit: 'µs' };
  const mapsLoss = at('lookUp 20000') / at('lookUp 1');
  return [
    {
      what: `${title}: 20,000 against 1, random tenants`,
      measured: { value: all, unit: 'µs' },
      against,
      ratio: all / one,
    },
    {
      what: `${title}: 20,000 against 1, one tenant again and again`,
      measured: { value: at(`${name} hot`), unit: 'µs' },
      against,
      ratio: at(`${name} hot`) / one,
      bar: flat,
    },
    {
      what: `${title}: its loss from 1 to 20,000 against a bare Map's`,
      measured: { value: all / one, unit: '×' },
      against: { name: 'a bare Map', value: mapsLoss, unit: '×' },
      ratio: all / one / mapsLoss,
      bar: { of: 'ratio', is: 'at most', limit: name === 'serveToken' ? 1.2 : 1.5 },
    },
  ];
}

/** The peer: filled one size after the other, then timed in turns with ours at 5,000. */
async function measureMsal(
  warm: readonly Warm[],
  { quick }: SectionOptions,
): Promise<readonly Row[]> {
  const sizes = MSAL_SIZES.filter((size) => !quick || size <= 1000);
  const largest = sizes.at(-1) ?? 1;
  const ours = warm.find(({ tenantIds }) => tenantIds.length >= largest);
  if (!ours) throw new Error('Nothing of ours is as large.');
  const rounds = new Map<string, Round>();
  for (const size of sizes) {
    const tenantIds = ours.tenantIds.slice(0, size);
    const hit = await createFilledMsal(tenantIds);
    rounds.set(`msal ${size}`, () => timeCalls(drawTenants(tenantIds, MSAL_CALLS), hit));
  }
  for (const name of ['getToken', 'serveToken'] as const) {
    rounds.set(name, toRound(ours, name));
  }
  const medians = await measureInTurn(rounds, quick ? 3 : 21);
  const at = (name: string) => medians.get(name) ?? Number.NaN;
  const peers = sizes.map((size) => ({
    what: `MSAL Node, ${size.toLocaleString('en-US')} cached`,
    measured: { value: at(`msal ${size}`), unit: 'µs' },
    against: { name: '1 cached', value: at('msal 1'), unit: 'µs' },
    ratio: at(`msal ${size}`) / at('msal 1'),
  }));
  const faster = (['getToken', 'serveToken'] as const).map((name): Row => {
    const title = name === 'getToken' ? 'broker.getToken' : 'whole exchange';
    return {
      what: `${title}, ${ours.tenantIds.length.toLocaleString('en-US')} cached: times as fast as MSAL Node`,
      measured: { value: at(name), unit: 'µs' },
      against: {
        name: `MSAL at ${largest.toLocaleString('en-US')}`,
        value: at(`msal ${largest}`),
        unit: 'µs',
      },
      ratio: at(`msal ${largest}`) / at(name),
      ...(quick ? {} : { bar: { of: 'ratio', is: 'at least', limit: 2500 } as const }),
    };
  });
  return [...peers, ...faster];
}

await reportSection(async (options): Promise<SectionResult> => {
  const warm = await Promise.all(SIZES.map((size) => createWarm(size)));
  globalThis.gc?.();
  const own = await measureOwn(warm, options);
  const msal = await measureMsal(warm, options);
  return {
    rows: [...toOwnRows(own), ...msal],
    notes: [
      'One call after the other, medians of rounds that take turns; each call brings new strings, as a request does.',
      'The map holds the same keys and does nothing else: what it loses with size is what random memory costs here.',
    ],
  };
});
