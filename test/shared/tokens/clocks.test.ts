import { expect, test } from 'vitest';
import { createTokenTable } from '../../../shared/azure/records/token-table.ts';
import { createServerClock } from '../../../shared/server-clock.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTokenSeal } from '../../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../../shared/tokens/source/lease.ts';
import { createTokenSource } from '../../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../../shared/tokens/token-broker.ts';
import { createTokenIssuer, type RequestToken } from '../../../shared/tokens/token-issuer.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { claimsOf, createMatcher, makeAccessToken } from '../../support/tokens.ts';

const KEYS = [1, 2, 3, 4].map((digit) => ({
  tenantId: `5b2f7c1e-90d4-4c6b-8a51-3f1e6a7d2b9${digit}`,
  resource: 'defender-xdr' as const,
}));

/**
 * Processes over one table, whose clocks are wrong each in its way, and an Entra that tells its
 * time.
 */
function setUp(lifeMs: number) {
  const clock = createClock();
  const log = createRecordedLog();
  const matchToken = createMatcher(log);
  const tokens = createTokenTable(openNewTable('tokens'), log);
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  let requests = 0;
  const answer = () => {
    const date = new Date(clock.now()).toUTCString();
    return Promise.resolve(new Response('', { headers: { date } }));
  };
  const start = async (skew: number) => {
    const entraClock = createServerClock(() => clock.now() + skew);
    const fetch = entraClock.observe(answer);
    const requestToken: RequestToken = async ({ tenantId }) => {
      requests++;
      await fetch('https://login.example/');
      const exp = Math.floor((clock.now() + lifeMs) / 1000);
      return { accessToken: makeAccessToken({ tid: tenantId, exp }), expiresInMs: lifeMs };
    };
    // A process begins with the keys of its callers: two requests to Entra.
    for (let at = 0; at < 2; at++) await fetch('https://login.example/');
    const { now } = entraClock;
    const source = createTokenSource({
      tokens,
      leases: createLeases({ tokens, now }),
      seal,
      issueToken: createTokenIssuer({ requestToken, matchToken }),
      matchToken,
      requiredRoles: new Map(),
      report: () => Promise.resolve(),
      now,
    });
    return createTokenBroker({ source, metrics: createMeter(), log, now });
  };
  return { clock, start, tokens, countRequests: () => requests };
}

/**
 * How many tokens four tenants cost in three hours, when both processes are asked each minute and
 * both run the timer.
 */
async function measure(lifeMs: number, skew: number): Promise<number> {
  const { clock, start, countRequests } = setUp(lifeMs);
  const processes = [await start(skew), await start(-skew)];
  for (let minute = 0; minute < 180; minute++) {
    clock.pass(MINUTE);
    const isTimers = minute % 5 === 0;
    const refreshing = processes.flatMap(({ refresh }) => (isTimers ? KEYS.map(refresh) : []));
    await Promise.all(refreshing);
    const tokens = await Promise.all(
      processes.flatMap(({ getToken }) => KEYS.map((key) => getToken(key, 0))),
    );
    for (const { expiresAt, accessToken } of tokens) {
      const claims = claimsOf(accessToken);
      expect(expiresAt).toBeLessThanOrEqual(claims.expiresAt);
      expect(claims.expiresAt).toBeGreaterThan(clock.now() + 10 * SECOND);
    }
  }
  return countRequests();
}

test.each([
  [60, 50],
  [10, 150],
])(
  'one process is four minutes ahead of Entra, another four behind: tokens of %i min cost as many requests as with right clocks',
  async (life, most) => {
    const right = await measure(life * MINUTE, 0);
    const wrong = await measure(life * MINUTE, 4 * MINUTE);
    expect(wrong).toBeLessThanOrEqual(right * 1.05);
    expect(wrong).toBeLessThanOrEqual(most);
  },
);

test('a lease of a process that is behind is not over for one that is ahead', async () => {
  const { clock, start, tokens } = setUp(60 * MINUTE);
  const [ahead, behind] = [await start(4 * MINUTE), await start(-4 * MINUTE)];
  const [key = { tenantId: '', resource: 'graph' as const }] = KEYS;
  await Promise.all([behind.getToken(key, 0), ahead.getToken(key, 0)]);
  const record = await tokens.find(key);
  expect(record?.value).toMatchObject({ fence: 1, lease: undefined });
  expect(record?.value.token?.expiresAt).toBe(clock.now() + 60 * MINUTE);
});
