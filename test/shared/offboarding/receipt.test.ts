import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { expect, test } from 'vitest';
import type { Tombstone } from '../../../shared/offboarding/offboarding.ts';
import { createIssueReceipt } from '../../../shared/offboarding/receipt.ts';
import { createReceiptKeys } from '../../../shared/offboarding/receipt-keys.ts';
import { createTenant } from '../../../shared/tenants/tenant.ts';
import { createClock, MINUTE, SECOND } from '../../support/clock.ts';
import { createRecordedLog } from '../../support/log.ts';
import { TENANT } from '../../support/tokens.ts';

const BROKER = 'https://broker.example';
const NOBODY = { count: 0, until: undefined, asOf: 0, finalAt: 5000 };

function createKey(namedCurve = 'P-256'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}

/** A vault whose versions are its values, newest first, and what signs with them. */
function setUp(...versions: string[]) {
  const clock = createClock();
  const log = createRecordedLog();
  const vault = { versions, isDown: false, reads: 0 };
  const keys = createReceiptKeys({
    listVersions: () => {
      vault.reads++;
      if (vault.isDown) return Promise.reject(new Error('down'));
      return Promise.resolve(vault.versions.map((_, index) => ({ version: String(index) })));
    },
    readVersion: (version) => Promise.resolve({ value: vault.versions[Number(version)] ?? '' }),
    log,
    now: clock.now,
  });
  const issueReceipt = createIssueReceipt({ keys, publicBaseUrl: BROKER, now: clock.now });
  const removed = { tokens: 1 };
  const at = clock.now();
  const tombstone: Tombstone = {
    ...createTenant(TENANT, 0),
    status: 'offboarded',
    offboarding: { id: 'one', at, purgedAt: at, removed },
  };
  const sign = async () => await issueReceipt(tombstone, NOBODY);
  const verify = async (receipt: unknown) => {
    const set = createLocalJWKSet({ keys: (await keys.list()).map(({ publicJwk }) => publicJwk) });
    const currentDate = new Date(clock.now());
    return await jwtVerify((receipt as { jws: string }).jws, set, { currentDate });
  };
  return { clock, log, vault, keys, sign, verify };
}

test.each([
  ['PKCS#8 PEM', toPem(createKey())],
  ['JWK', JSON.stringify(createKey().export({ format: 'jwk' }))],
])('a key that is kept as %s signs', async (_, value) => {
  const { sign, verify, clock } = setUp(value);
  const { payload, protectedHeader } = await verify(await sign());
  expect(protectedHeader).toMatchObject({ alg: 'ES256', typ: 'offboarding-receipt+jwt' });
  expect(payload).toMatchObject({
    iss: BROKER,
    jti: 'one',
    iat: clock.now() / SECOND,
    tenant_id: TENANT,
    offboarded_at: '2026-11-21T09:00:00.000Z',
    purged: { tokens: 1 },
    live_tokens: 0,
    live_tokens_as_of: '1970-01-01T00:00:00.000Z',
    live_tokens_final_at: '1970-01-01T00:00:05.000Z',
  });
});

test('nothing private is published', async () => {
  const { keys } = setUp(toPem(createKey()));
  const [key] = await keys.list();
  expect(Object.keys(key?.publicJwk ?? {}).toSorted()).toEqual([
    'alg',
    'crv',
    'kid',
    'kty',
    'use',
    'x',
    'y',
  ]);
});

test('the newest key signs, and what an older one signed is still verified', async () => {
  const { vault, clock, sign, verify } = setUp(toPem(createKey()));
  const older = await sign();
  vault.versions.unshift(toPem(createKey()));
  clock.pass(6 * MINUTE);
  const newer = await sign();
  const kids = [
    (await verify(older)).protectedHeader.kid,
    (await verify(newer)).protectedHeader.kid,
  ];
  expect(new Set(kids).size).toBe(2);
});

test.each([
  ['no key', 'hello'],
  ['a key of another curve', toPem(createKey('P-384'))],
  ['a key that can not sign', toPem(generateKeyPairSync('x25519').privateKey)],
  ['a public key', JSON.stringify({ kty: 'EC' })],
])('a newest version that is %s is named, and the one before signs', async (_, value) => {
  const { sign, verify, log } = setUp(value, toPem(createKey()));
  await verify(await sign());
  expect(log.lines).toMatchObject([
    { level: 'error', event: 'receipt.key_malformed', fields: { version: '0' } },
  ]);
  expect(JSON.stringify(log.lines)).not.toContain(value);
});

test('without a key the partner is told what to do, and a repeat signs', async () => {
  const { sign, verify, vault, clock } = setUp();
  expect(await sign()).toMatchObject({
    problem: { message: 'There is no key that signs receipts.', details: { owner: 'partner' } },
  });
  vault.versions.push(toPem(createKey()));
  clock.pass(31 * SECOND);
  await verify(await sign());
});

test('while the vault is down known keys sign, and it is asked once in 30 s', async () => {
  const { sign, verify, vault, clock } = setUp(toPem(createKey()));
  await sign();
  vault.isDown = true;
  clock.pass(6 * MINUTE);
  await verify(await sign());
  await sign();
  expect(vault.reads).toBe(2);
});

test('a vault that never answered is a problem of the partner', async () => {
  const { sign, vault } = setUp();
  vault.isDown = true;
  expect(await sign()).toMatchObject({ problem: { code: 'temporarily_unavailable' } });
  expect(await sign()).toMatchObject({ problem: { details: { owner: 'partner' } } });
  expect(vault.reads).toBe(1);
});
