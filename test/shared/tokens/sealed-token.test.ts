import { CompactEncrypt } from 'jose';
import { expect, test } from 'vitest';
import { findKeyId } from '../../../shared/crypto/jwe.ts';
import { createTokenSeal } from '../../../shared/tokens/sealed-token.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';
import { OTHER_TENANT, TENANT } from '../../support/tokens.ts';

const KEY = { tenantId: TENANT, resource: 'defender-xdr' } as const;
const TOKEN = { accessToken: 'a.b.c', issuedAt: 1, expiresAt: 3, refreshAt: 2 };

test('a sealed token opens under its own key', async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const opened = await seal.open(KEY, await seal.seal(KEY, TOKEN));
  expect(opened).toEqual(TOKEN);
});

test('a sealed token shows nothing of the token', async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const sealed = await seal.seal(KEY, { ...TOKEN, accessToken: 'canary' });
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('canary');
});

test('a row that was moved to another tenant does not open', async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const sealed = await seal.seal(KEY, TOKEN);
  expect(await seal.open({ ...KEY, tenantId: OTHER_TENANT }, sealed)).toBeUndefined();
});

test('a row that was moved to another resource does not open', async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const sealed = await seal.seal(KEY, TOKEN);
  expect(await seal.open({ ...KEY, resource: 'graph' }, sealed)).toBeUndefined();
});

test('a token that an older key of the ring sealed still opens', async () => {
  const [newer, older] = [createRingKey('two', 2), createRingKey('one', 1)];
  const sealed = await createTokenSeal(createFixedSeal(older)).seal(KEY, TOKEN);
  expect(await createTokenSeal(createFixedSeal(newer, older)).open(KEY, sealed)).toEqual(TOKEN);
});

test('a token whose key was lost does not open', async () => {
  const sealed = await createTokenSeal(createFixedSeal(createRingKey('one', 1))).seal(KEY, TOKEN);
  const seal = createTokenSeal(createFixedSeal(createRingKey('two', 2)));
  expect(await seal.open(KEY, sealed)).toBeUndefined();
});

test.each(['', 'x', 'a.b.c.d.e', '....'])('%j is not a sealed token', async (sealed) => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  expect(await seal.open(KEY, sealed)).toBeUndefined();
});

test('a token of an older key is sealed anew by the current one, and opens to the same', async () => {
  const [newer, older] = [createRingKey('two', 2), createRingKey('one', 1)];
  const sealed = await createTokenSeal(createFixedSeal(older)).seal(KEY, TOKEN);
  const resealed = (await createTokenSeal(createFixedSeal(newer, older)).reseal(KEY, sealed)) ?? '';
  expect(findKeyId(resealed)).toBe('two');
  expect(await createTokenSeal(createFixedSeal(newer)).open(KEY, resealed)).toEqual(TOKEN);
});

test('a token of the current key, of a lost one or of another tenant is not sealed anew', async () => {
  const [newer, older] = [createRingKey('two', 2), createRingKey('one', 1)];
  const seal = createTokenSeal(createFixedSeal(newer));
  const lost = await createTokenSeal(createFixedSeal(older)).seal(KEY, TOKEN);
  const foreign = await createTokenSeal(createFixedSeal(newer)).seal(KEY, TOKEN);
  expect(await seal.reseal(KEY, await seal.seal(KEY, TOKEN))).toBeUndefined();
  expect(await seal.reseal(KEY, lost)).toBeUndefined();
  expect(await seal.reseal({ ...KEY, tenantId: OTHER_TENANT }, foreign)).toBeUndefined();
});

/** As earlier versions sealed tokens. */
async function sealUnderRingKey(tenant: string) {
  const { kid, key } = createRingKey('one');
  const payload = { access_token: 'a.b.c', issued_at: 1, expires_at: 3, refresh_at: 2 };
  return await new CompactEncrypt(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid, tenant, resource: 'defender-xdr' })
    .encrypt(key);
}

test("a token that the ring's key itself sealed opens under its own key, until it is sealed anew", async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('two', 2), createRingKey('one')));
  const sealed = await sealUnderRingKey(TENANT);
  expect(await seal.open(KEY, sealed)).toEqual(TOKEN);
  expect(await seal.open({ ...KEY, tenantId: OTHER_TENANT }, sealed)).toBeUndefined();
  expect(await seal.open(KEY, (await seal.reseal(KEY, sealed)) ?? '')).toEqual(TOKEN);
});

test("a token that the ring's key sealed for another tenant does not open with a rewritten header", async () => {
  const seal = createTokenSeal(createFixedSeal(createRingKey('one')));
  const [header = '', ...rest] = (await sealUnderRingKey(OTHER_TENANT)).split('.');
  const rewritten = Buffer.from(header, 'base64url').toString().replace(OTHER_TENANT, TENANT);
  const forged = [Buffer.from(rewritten).toString('base64url'), ...rest].join('.');
  expect(await seal.open(KEY, forged)).toBeUndefined();
});
