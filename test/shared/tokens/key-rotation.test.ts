import { expect, test } from 'vitest';
import { createTokenTable } from '../../../shared/azure/records/token-table.ts';
import { createKeyRing, type RingKey } from '../../../shared/crypto/key-ring.ts';
import { createSeal } from '../../../shared/crypto/seal.ts';
import { createMeter } from '../../../shared/telemetry/meter.ts';
import { createTokenSeal } from '../../../shared/tokens/sealed-token.ts';
import { createLeases } from '../../../shared/tokens/source/lease.ts';
import { createResealRows } from '../../../shared/tokens/source/maintenance.ts';
import { createTokenSource } from '../../../shared/tokens/source/token-source.ts';
import { createTokenBroker } from '../../../shared/tokens/token-broker.ts';
import type { TokenSummary } from '../../../shared/tokens/token-record.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createRingKey } from '../../support/key-ring.ts';
import { createRecordedLog } from '../../support/log.ts';
import { openNewTable } from '../../support/storage.ts';
import {
  claimsOf,
  createMatcher,
  makeAccessToken,
  OTHER_TENANT,
  TENANT,
} from '../../support/tokens.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;

/** Processes with a key ring each, over one vault, one table and one Entra that counts. */
function setUp() {
  const clock = createClock();
  const log = createRecordedLog();
  const tokens = createTokenTable(openNewTable('tokens'), log);
  const keys: RingKey[] = [createRingKey('one', 1)];
  const entra = { requests: 0 };
  const issueToken = () => {
    entra.requests++;
    const accessToken = makeAccessToken({ uti: `token ${entra.requests}` });
    const claims = claimsOf(accessToken);
    return Promise.resolve({ accessToken, expiresInMs: 60 * MINUTE, claims });
  };
  const createProcess = () => {
    const loadKeys = () => Promise.resolve([...keys]);
    const ring = createKeyRing({ loadKeys, log, now: clock.now });
    const parts = {
      tokens,
      matchToken: createMatcher(log),
      seal: createTokenSeal({ ring, seal: createSeal(ring, clock.now) }),
      log,
      now: clock.now,
    };
    const leases = createLeases(parts);
    const report = () => Promise.resolve();
    const requiredRoles = new Map();
    const source = createTokenSource({ ...parts, leases, issueToken, requiredRoles, report });
    const broker = createTokenBroker({ source, metrics: createMeter(), log, now: clock.now });
    const read = async () => {
      broker.forget();
      return (await broker.getToken(KEY, 0)).accessToken;
    };
    return { broker, read, resealRows: createResealRows({ ...parts, ring }) };
  };
  const addKey = (kid: string, byte: number) =>
    keys.unshift({ ...createRingKey(kid, byte), createdAt: clock.now() });
  const summarize = async () => {
    const summaries: TokenSummary[] = [];
    for await (const page of tokens.summaries()) summaries.push(...page);
    return summaries;
  };
  return { clock, log, tokens, keys, entra, createProcess, addKey, summarize };
}

test('keys rotate under load without a failed read and without a request to Entra', async () => {
  const { clock, entra, createProcess, addKey, summarize } = setUp();
  const processes = [createProcess(), createProcess(), createProcess()];
  const seen = new Set<string>();
  for (let step = 0; step < 70; step++) {
    if (step === 10 || step === 40) addKey(`key ${step}`, step);
    const readers = processes.slice(0, 1 + (step % 3)).flatMap(({ read }) => [read, read, read]);
    const read = await Promise.all(readers.map((start) => start()));
    for (const token of read) seen.add(token);
    clock.pass(20 * SECOND);
  }
  expect([seen.size, entra.requests]).toEqual([1, 1]);
  expect((await summarize()).map(({ keyId }) => keyId)).toEqual(['key 40']);
});

test('`token-encryption-key` gets a new version: a read seals the row anew, once', async () => {
  const { clock, createProcess, addKey, tokens } = setUp();
  const { read } = createProcess();
  await read();
  await read();
  const before = await tokens.find(KEY);
  addKey('two', 2);
  clock.pass(6 * MINUTE);
  await read();
  const after = await tokens.find(KEY);
  await read();
  expect(after?.etag).not.toBe(before?.etag);
  expect((await tokens.find(KEY))?.etag).toBe(after?.etag);
});

test('the batch job seals what nobody reads anew, counts it, and then has nothing to do', async () => {
  const { clock, log, createProcess, addKey, summarize } = setUp();
  const { broker, resealRows } = createProcess();
  await broker.getToken(KEY, 0);
  await broker.getToken({ ...KEY, tenantId: OTHER_TENANT }, 0);
  addKey('two', 2);
  clock.pass(6 * MINUTE);
  await resealRows(await summarize());
  await resealRows(await summarize());
  expect((await summarize()).map(({ keyId }) => keyId)).toEqual(['two', 'two']);
  expect(log.lines.filter(({ event }) => event === 'reseal.run')).toEqual([
    { level: 'info', event: 'reseal.run', fields: { resealed: 2, left: 0, key_lost: 0 } },
  ]);
});

test('`token-encryption-key` gets a new version: the refresh timer seals 500 rows a run anew', async () => {
  const { clock, log, createProcess, addKey, summarize } = setUp();
  const { broker, resealRows } = createProcess();
  await broker.getToken(KEY, 0);
  addKey('two', 2);
  clock.pass(6 * MINUTE);
  const [row] = await summarize();
  if (!row) throw new Error('There is no row.');
  const gone = Array.from({ length: 500 }, (_, at) => ({ ...row, tenantId: `gone ${at}` }));
  await resealRows([...gone, row]);
  expect(log.lines.at(-1)?.fields).toEqual({ resealed: 500, left: 1, key_lost: 0 });
});

test('a key of the ring is lost or disabled: its tokens are issued anew', async () => {
  const { clock, log, keys, entra, createProcess, summarize } = setUp();
  const first = await createProcess().read();
  keys.splice(0, 1, createRingKey('two', 2));
  const { read, resealRows } = createProcess();
  await resealRows(await summarize());
  expect(log.lines.at(-1)?.fields).toEqual({ resealed: 0, left: 0, key_lost: 1 });
  clock.pass(MINUTE);
  expect(await read()).not.toBe(first);
  expect(entra.requests).toBe(2);
});
