import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeJwt } from 'jose';
import { isAudienceOf } from '../../shared/resources/resource.ts';
import type { TokenBroker } from '../../shared/tokens/token-broker.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import type { Row, SectionResult } from '../report/row.ts';
import { reportSection } from '../report/section.ts';
import { RESOURCES } from '../support/access-token.ts';
import { createBenchBroker } from '../support/broker.ts';
import { createFaultyEntra, type EntraTally, pick } from '../support/faulty-entra.ts';
import { createMemoryTokenStore } from '../support/memory-store.ts';

const TENANTS = 500;
const PROCESSES = 3;
const CONCURRENT = 200;

/** How far the clock moves with each request: lives, setbacks and leases end again and again. */
const STEP_MS = 30;

/** What went in and what came out. */
interface Tally extends EntraTally {
  answered: number;
  refused: number;
  wrong: number;
}

async function soak(requests: number): Promise<Tally> {
  const keys = Array.from({ length: TENANTS }, () => randomUUID()).flatMap(
    (tenantId): TokenKey[] => [
      { tenantId, resource: 'defender-xdr' },
      { tenantId, resource: 'graph' },
    ],
  );
  const tally = { answered: 0, refused: 0, wrong: 0, entraCalls: 0, wrongFromEntra: 0 };
  let time = Date.now();
  let left = requests;
  const tokens = createMemoryTokenStore();
  const requestToken = createFaultyEntra(keys, tally, {
    wait: (isHanging) => sleep(isHanging ? 100 : randomInt(5)),
  });
  const now = () => time;
  const brokers = Array.from({ length: PROCESSES }, () =>
    createBenchBroker({ tokens, requestToken, now }),
  );
  const work = async () => {
    while (left-- > 0) {
      time += STEP_MS;
      if (left % 1000 === 0) pick(brokers).forget();
      await ask(pick(brokers), pick(keys), tally);
      // The others' turn: a cached answer alone never leaves this task's queue.
      if (left % 64 === 0) await sleep(0);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENT }, work));
  return tally;
}

async function ask(broker: TokenBroker, key: TokenKey, tally: Tally): Promise<void> {
  try {
    const minTtlMs = randomInt(4) === 0 ? 30_000 : 0;
    const { accessToken } = await broker.getToken(key, minTtlMs);
    tally.answered++;
    const { tid, aud } = decodeJwt(accessToken);
    const isRight = tid === key.tenantId && isAudienceOf(RESOURCES[key.resource], String(aud));
    if (!isRight) tally.wrong++;
  } catch {
    tally.refused++;
  }
}

function toRows(tally: Tally): readonly Row[] {
  const { answered, refused, wrong, entraCalls, wrongFromEntra } = tally;
  return [
    {
      what: `wrong answers in ${(answered + refused).toLocaleString('en-US')} requests`,
      measured: { value: wrong, unit: '' },
      against: { name: 'wrong tokens that Entra gave', value: wrongFromEntra, unit: '' },
      bar: { of: 'measured', is: 'at most', limit: 0 },
    },
    {
      what: 'requests that got a token',
      measured: { value: answered, unit: '' },
      against: { name: 'refused', value: refused, unit: '' },
    },
    {
      what: 'calls to Entra',
      measured: { value: entraCalls, unit: '' },
      against: { name: 'requests', value: answered + refused, unit: '' },
      ratio: entraCalls / (answered + refused),
    },
  ];
}

await reportSection(async ({ quick, full }): Promise<SectionResult> => {
  const requests = full ? 1_000_000 : quick ? 10_000 : 100_000;
  return {
    rows: toRows(await soak(requests)),
    notes: [
      `${PROCESSES} brokers over one store, ${CONCURRENT} requests at once over ${TENANTS} tenants × 2 APIs. Of the calls to Entra`,
      '15 % fail, 10 % give a token of another tenant or API, 5 % hang; caches are forgotten and time passes.',
    ],
  };
});
