import { vi } from 'vitest';
import { createTokenTable } from '../../../shared/azure/records/token-table.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTokenSeal } from '../../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../../shared/tokens/source/lease.ts';
import { createTokenSource } from '../../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../../shared/tokens/token-broker.ts';
import { createTokenIssuer, type RequestToken } from '../../../shared/tokens/token-issuer.ts';
import type { ReportTokenOutcome } from '../../../shared/tokens/token-outcome.ts';
import { createClock, HOUR } from '../../support/clock.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import { createMatcher, makeAccessToken, TENANT } from '../../support/tokens.ts';

export const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

/** Brokers of one or more processes over one table and one Entra. */
export function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const matchToken = createMatcher(log);
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const metrics = createMeter();
  const open = openNewTable('tokens');
  const tokens = createTokenTable(open, log);
  const report = vi.fn<ReportTokenOutcome>().mockResolvedValue();
  let issued = 0;
  const requestToken = vi.fn<RequestToken>().mockImplementation(() => {
    issued++;
    const exp = (clock.now() + HOUR) / 1000;
    const accessToken = makeAccessToken({ uti: `token ${issued}`, exp });
    return Promise.resolve({ accessToken, expiresInMs: HOUR });
  });
  const createProcess = () => {
    const source = createTokenSource({
      tokens,
      leases: createLeases({ tokens, now: clock.now }),
      seal,
      issueToken: createTokenIssuer({ requestToken, matchToken }),
      matchToken,
      requiredRoles: new Map([['defender-xdr', ['Incident.Read.All']]]),
      report,
      now: clock.now,
    });
    return createTokenBroker({ source, metrics, log, now: clock.now });
  };
  return {
    clock,
    open,
    tokens,
    seal,
    log,
    metrics,
    report,
    requestToken,
    createProcess,
    broker: createProcess(),
  };
}

/** A promise that is settled from outside. */
export function createGate<T>() {
  return Promise.withResolvers<T>();
}
