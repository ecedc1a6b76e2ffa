import { randomUUID } from 'node:crypto';
import { createBrokerToken } from '../../shared/broker-token.ts';
import { decide } from '../../shared/callers/policy.ts';
import { createEpochWatch } from '../../shared/epoch.ts';
import { createTenantDirectory } from '../../shared/tenants/tenant-directory.ts';
import { createTenantResolver } from '../../shared/tenants/tenant-name.ts';
import { createResourceParser } from '../../shared/tokens/resource.ts';
import { createTokenBroker } from '../../shared/tokens/token-broker.ts';
import { type TokenKey, toKeyText } from '../../shared/tokens/token-record.ts';
import type { TokenSource } from '../../shared/tokens/token-source.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection, type SectionOptions } from '../report/section.ts';
import { makeAccessToken, makeBrokeredToken, RESOURCES } from '../support/access-token.ts';
import { createMemoryTenantStore, STILL_EPOCH } from '../support/memory-store.ts';
import { createFilledMsal } from '../support/msal.ts';
import { createOrder, measureInTurn, type Round, timeCalls } from '../support/statistics.ts';

const SIZES = [1, 100, 2000, 5000, 20_000] as const;
const MSAL_SIZES = [1, 100, 1000, 5000] as const;
const CALLS = 10_000;
const MSAL_CALLS = 40;

/** The calls that are timed, by the number of tokens that are cached. */
interface Warm {
  readonly size: number;
  readonly getToken: (index: number) => Promise<unknown>;
  readonly brokerToken: (index: number) => Promise<unknown>;
  readonly lookUp: (index: number) => Promise<unknown>;
}

await reportSection(async (options): Promise<SectionResult> => {
  const warm = await Promise.all(SIZES.map(createWarm));
  const own = await measureOwn(warm, options);
  const msal = await measureMsal(warm, options);
  return {
    rows: [...toOwnRows(own), ...msal],
    notes: [
      'One call after the other with random keys; medians of rounds that take turns. The map holds the same',
      'keys and promises and does nothing else: what it loses with size is the memory of the machine.',
    ],
  };
});

async function createWarm(size: number): Promise<Warm> {
  const keys = Array.from({ length: size }, () => createKey());
  const tenantIds = keys.map(({ tenantId }) => tenantId);
  const { now } = Date;
  const directory = createTenantDirectory({ tenants: createMemoryTenantStore(tenantIds), now });
  const broker = createTokenBroker({ source: createInstantSource(), now });
  const brokerToken = createBrokerToken({
    epoch: createEpochWatch({ epoch: STILL_EPOCH, forget: () => undefined, now }),
    resolveTenant: createTenantResolver({ findTenantOfDomain: refuse, now }),
    parseResource: createResourceParser(RESOURCES),
    decide,
    directory,
    broker,
    getConsentUrl: refuse,
  });
  const caller = { id: randomUUID(), kind: 'application' as const, roles: ['Tokens.Issue'] };
  const requests = tenantIds.map((tenant) => ({
    caller,
    tenant,
    resource: 'defender-xdr',
    minTtlMs: 0,
  }));
  for (const request of requests) await brokerToken(request);
  const held = new Map(keys.map((key) => [toKeyText(key), Promise.resolve(key)]));
  const at = <T>(list: readonly T[], index: number) => list[index] as T;
  return {
    size,
    getToken: (index) => broker.getToken(at(keys, index), 0),
    brokerToken: (index) => brokerToken(at(requests, index)),
    lookUp: (index) => held.get(toKeyText(at(keys, index))) ?? Promise.reject(new Error('Lost.')),
  };
}

function createKey(): TokenKey {
  return { tenantId: randomUUID(), resource: 'defender-xdr' };
}

/** Storage is off the hot path: it answers at once, and only while the cache is being filled. */
function createInstantSource(): TokenSource {
  return {
    obtain: (key) => Promise.resolve({ token: makeBrokeredToken(key), source: 'table' }),
    keep: () => Promise.resolve(),
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new Error('A cached token needs nothing from outside.'));
}

type OwnName = `${'getToken' | 'brokerToken' | 'lookUp'} ${number}`;

function measureOwn(
  warm: readonly Warm[],
  { quick }: SectionOptions,
): Promise<ReadonlyMap<OwnName, number>> {
  const rounds = new Map<OwnName, Round>();
  for (const one of warm) {
    for (const name of ['getToken', 'brokerToken', 'lookUp'] as const) {
      const round = () => timeCalls(createOrder(one.size, CALLS), one[name]);
      rounds.set(`${name} ${one.size}`, round);
    }
  }
  return measureInTurn(rounds, quick ? 9 : 41);
}

function toOwnRows(own: ReadonlyMap<OwnName, number>): readonly Row[] {
  const at = (name: OwnName) => own.get(name) ?? Number.NaN;
  return (['getToken', 'brokerToken'] as const).flatMap((name) => {
    const title =
      name === 'getToken' ? 'broker.getToken' : 'whole exchange (policy, epoch, tenant)';
    const sizes = SIZES.map((size) => ({
      what: `${title}, ${size.toLocaleString('en-US')} cached`,
      measured: { value: at(`${name} ${size}`), unit: 'µs' },
      against: { name: 'a bare Map', value: at(`lookUp ${size}`), unit: 'µs' },
    }));
    const flat: Row = {
      what: `${title}: 20,000 against 1`,
      measured: { value: at(`${name} 20000`), unit: 'µs' },
      against: { name: '1 cached', value: at(`${name} 1`), unit: 'µs' },
      ratio: at(`${name} 20000`) / at(`${name} 1`),
      bar: { of: 'ratio', is: 'at most', limit: 1.5 },
    };
    return [...sizes, flat];
  });
}

/** The peer: filled one size after the other, then timed in turns with ours at 5,000. */
async function measureMsal(
  warm: readonly Warm[],
  { quick }: SectionOptions,
): Promise<readonly Row[]> {
  const sizes = MSAL_SIZES.filter((size) => !quick || size <= 1000);
  const largest = sizes.at(-1) ?? 1;
  const ours = warm.find(({ size }) => size >= largest);
  if (!ours) throw new Error('Nothing of ours is as large.');
  const rounds = new Map<string, Round>();
  for (const size of sizes) {
    const hit = await createFilledMsal(size, makeAccessToken);
    rounds.set(`msal ${size}`, () => timeCalls(createOrder(size, MSAL_CALLS), hit));
  }
  for (const name of ['getToken', 'brokerToken'] as const) {
    rounds.set(name, () => timeCalls(createOrder(ours.size, CALLS), ours[name]));
  }
  const medians = await measureInTurn(rounds, quick ? 7 : 21);
  const at = (name: string) => medians.get(name) ?? Number.NaN;
  const peers = sizes.map((size) => ({
    what: `MSAL Node, ${size.toLocaleString('en-US')} cached`,
    measured: { value: at(`msal ${size}`), unit: 'µs' },
  }));
  const faster = (['getToken', 'brokerToken'] as const).map((name): Row => {
    const title = name === 'getToken' ? 'broker.getToken' : 'whole exchange';
    return {
      what: `${title}, ${ours.size.toLocaleString('en-US')} cached: times as fast as MSAL Node`,
      measured: { value: at(name), unit: 'µs' },
      against: {
        name: `MSAL at ${largest.toLocaleString('en-US')}`,
        value: at(`msal ${largest}`),
        unit: 'µs',
      },
      ratio: at(`msal ${largest}`) / at(name),
      ...(quick ? {} : { bar: { of: 'ratio', is: 'at least', limit: 1000 } as const }),
    };
  });
  return [...peers, ...faster];
}
