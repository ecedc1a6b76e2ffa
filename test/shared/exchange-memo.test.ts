import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runs } from '../support/runs.ts';
import {
  CALLERS,
  createExchanges,
  type Exchanges,
  type Question,
  TENANTS,
} from './exchange-environment.ts';

type Change = (exchanges: Exchanges) => unknown;

const tenant = fc.constantFrom(...TENANTS);
const callerId = fc.constantFrom(...CALLERS);
const isWritten = fc.boolean();

/** What can happen between two requests; `isWritten`: its writer lived to move the epoch. */
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.integer({ min: -90_000, max: 90_000 }).map(
    (ms): Change =>
      ({ pass }) =>
        pass(ms),
  ),
  fc.integer({ min: 0, max: 5000 }).map(
    (ms): Change =>
      ({ pass }) =>
        pass(ms),
  ),
  fc.integer({ min: -20_000, max: 20_000 }).map(
    (ms): Change =>
      ({ moveEntra }) =>
        moveEntra(ms),
  ),
  fc.integer({ min: 100_000, max: 300_000 }).map(
    (ms): Change =>
      ({ pass }) =>
        pass(ms),
  ),
  fc.tuple(callerId, fc.constantFrom('all', 'tag', 'none', 'blocked', 'denied'), isWritten).map(
    ([id, kind, written]): Change =>
      ({ setGrants }) =>
        setGrants(id, kind, written),
  ),
  fc.tuple(tenant, fc.constantFrom('active', 'disabled', 'verifying'), fc.boolean(), isWritten).map(
    ([id, status, isTagged, written]): Change =>
      ({ setTenant }) =>
        setTenant(id, { status, tags: isTagged ? ['soc'] : [] }, written),
  ),
  tenant.map(
    (id): Change =>
      ({ replaceToken }) =>
        replaceToken(id),
  ),
  fc.boolean().map(
    (isDown): Change =>
      ({ setOutage }) =>
        setOutage(isDown),
  ),
);

const question: fc.Arbitrary<Question> = fc.record({
  callerId,
  roles: fc.constantFrom(['Tokens.Issue'], ['Tokens.Issue'], ['Tokens.Issue'], []),
  tenant: fc.oneof(
    tenant,
    tenant,
    tenant.map((id) => id.toUpperCase()),
  ),
  minTtlMs: fc.constantFrom(0, 0, 60_000, 200_000),
});

const step = fc.oneof(
  { weight: 1, arbitrary: change.map((apply) => ({ apply })) },
  { weight: 6, arbitrary: question.map((asked) => ({ asked })) },
  // A decision that a change overtakes.
  {
    weight: 1,
    arbitrary: fc.tuple(question, change).map(([overtaken, apply]) => ({ overtaken, apply })),
  },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function run(exchanges: Exchanges, next: Step): Promise<void> {
  const asking = 'overtaken' in next ? exchanges.begin(next.overtaken) : undefined;
  if ('apply' in next) await next.apply(exchanges);
  await asking;
  if ('asked' in next) await exchanges.ask(next.asked);
}

const FINALLY = CALLERS.flatMap((id) =>
  TENANTS.map((name) => ({ callerId: id, roles: ['Tokens.Issue'], tenant: name, minTtlMs: 0 })),
);

test('an answer from the memo is the answer of the long way, whatever happens in between', async () => {
  let remembered = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
      const exchanges = createExchanges();
      for (const next of steps) await run(exchanges, next);
      for (const asked of FINALLY) await exchanges.ask(asked);
      expect(exchanges.differences).toEqual([]);
      remembered += exchanges.countRemembered();
    }),
    { numRuns: runs(70) },
  );
  expect(remembered).toBeGreaterThan(300);
});
