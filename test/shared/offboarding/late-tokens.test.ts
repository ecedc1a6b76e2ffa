import { expect, test } from 'vitest';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTenantDirectory } from '../../../shared/tenants/tenant-directory.ts';
import { createOutcomeReporter } from '../../../shared/tenants/tenant-outcome.ts';
import { createTokenSeal } from '../../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../../shared/tokens/source/lease.ts';
import { createTokenSource } from '../../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../../shared/tokens/token-broker.ts';
import { createTokenIssuer } from '../../../shared/tokens/token-issuer.ts';
import type { TokenStore } from '../../../shared/tokens/token-record.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { claimsOf, createMatcher, makeAccessToken, TENANT } from '../../support/tokens.ts';
import { interleave, MOMENTS, setUp } from './set-up.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;
const ISSUED = { accessToken: makeAccessToken(), expiresInMs: 3_600_000 };

type TestEnvironment = ReturnType<typeof setUp>;

/** A broker over a token table, with an Entra that may do more than answer. */
function toBroker(
  { clock, log, raw }: TestEnvironment,
  tokens: TokenStore,
  atEntra = async () => {},
) {
  const { now } = clock;
  const directory = createTenantDirectory({ tenants: raw.tenants, now });
  const requiredRoles = new Map();
  const matchToken = createMatcher(log);
  const requestToken = async () => {
    await atEntra();
    return ISSUED;
  };
  const source = createTokenSource({
    tokens,
    leases: createLeases({ tokens, now }),
    seal: createTokenSeal(createFixedSeal(createRingKey('one'))),
    issueToken: createTokenIssuer({ requestToken, matchToken }),
    matchToken,
    requiredRoles,
    report: createOutcomeReporter({
      tenants: raw.tenants,
      directory,
      advanceEpoch: () => Promise.resolve(),
      required: new Set(),
      log,
      now,
    }),
    now,
  });
  return createTokenBroker({ source, metrics: createMeter(), log, now });
}

test.each(MOMENTS)(
  'a first token leaves no row when the offboarding comes right %s its write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    const raw = interleave(environment.raw.tokens, 'insert', [moment, environment.offboard]);
    const broker = toBroker(environment, environment.guarded.tokens(raw));
    await expect(broker.getToken(KEY, 0)).rejects.toThrow('The tenant was offboarded.');
    expect(await environment.places()).toEqual(['tenants']);
  },
);

test('a lease holder that comes back from Entra after the offboarding writes nothing', async () => {
  const environment = setUp();
  await environment.addTenant();
  const broker = toBroker(
    environment,
    environment.guarded.tokens(),
    async () => void (await environment.offboard()),
  );
  await expect(broker.getToken(KEY, 0)).rejects.toThrow('being refreshed elsewhere');
  expect(await environment.places()).toEqual(['tenants']);
});

test.each(MOMENTS)(
  'a refresh leaves no row when the offboarding comes right %s its write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    await toBroker(environment, environment.guarded.tokens()).getToken(KEY, 0);
    environment.clock.pass(3_500_000);
    const raw = interleave(environment.raw.tokens, 'replace', [moment, environment.offboard]);
    await toBroker(environment, environment.guarded.tokens(raw))
      .refresh(KEY)
      .catch(() => undefined);
    expect(await environment.places()).toEqual(['tenants']);
  },
);

test.each(MOMENTS)(
  'a token of a proof leaves no row when the offboarding comes right %s its write',
  async (moment) => {
    const environment = setUp();
    await environment.addTenant();
    const raw = interleave(environment.raw.tokens, 'insert', [moment, environment.offboard]);
    const kept = toBroker(environment, environment.guarded.tokens(raw)).keep(KEY, {
      ...ISSUED,
      claims: claimsOf(ISSUED.accessToken),
    });
    await expect(kept).rejects.toThrow('The tenant was offboarded.');
    expect(await environment.places()).toEqual(['tenants']);
  },
);
