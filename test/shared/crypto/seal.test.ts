import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Purpose } from '../../../shared/crypto/purpose.ts';
import { createSeal } from '../../../shared/crypto/seal.ts';
import { createClock, SECOND } from '../../support/clock.ts';
import { createFixedRing, createRingKey } from '../../support/key-ring.ts';
import { runs } from '../../support/runs.ts';

const [ONE, TWO] = [createRingKey('one', 1), createRingKey('two', 2)];
const VALUE = { tenant: 'contoso', count: 3 };
const PURPOSES = ['token', 'consent state', 'queue message', 'webhook target'] as const;

function setUp(ring = createFixedRing(ONE)) {
  const clock = createClock();
  return { clock, seal: createSeal(ring, clock.now) };
}

test('a sealed value opens to what it was', async () => {
  const { seal } = setUp();
  const context = { tenant: 'a', api: 'b' };
  const sealed = await seal.seal('token', VALUE, { context });
  expect(await seal.open('token', sealed, { api: 'b', tenant: 'a' })).toEqual({ value: VALUE });
});

test('a value opens for no purpose but its own', async () => {
  const { seal } = setUp();
  const sealed = await seal.seal('token', VALUE);
  const others = PURPOSES.filter((purpose) => purpose !== 'token');
  const opened = await Promise.all(others.map((purpose) => seal.open(purpose, sealed)));
  expect(opened).toEqual(others.map(() => ({ problem: 'invalid' })));
});

test.each<[string, Record<string, string> | undefined]>([
  ['another value', { tenant: 'b' }],
  ['another name', { caller: 'a' }],
  ['one name more', { tenant: 'a', caller: 'a' }],
  ['no context', undefined],
])('a value does not open with %s', async (_, context) => {
  const { seal } = setUp();
  const sealed = await seal.seal('token', VALUE, { context: { tenant: 'a' } });
  expect(await seal.open('token', sealed, context)).toEqual({ problem: 'other_context' });
});

test('a value opens until its end', async () => {
  const { seal, clock } = setUp();
  const sealed = await seal.seal('token', VALUE, { expiresAt: clock.now() + SECOND });
  clock.pass(SECOND - 1);
  expect(await seal.open('token', sealed)).toEqual({ value: VALUE });
  clock.pass(1);
  expect(await seal.open('token', sealed)).toEqual({ problem: 'expired' });
});

test('a value opens under an older key of the ring, and should be made again', async () => {
  const sealed = await setUp().seal.seal('token', VALUE);
  const { seal } = setUp(createFixedRing(TWO, ONE));
  expect(await seal.open('token', sealed)).toEqual({ value: VALUE });
  expect([await seal.isOld(sealed), await setUp().seal.isOld(sealed)]).toEqual([true, false]);
});

test('a value whose key is lost says so', async () => {
  const sealed = await setUp().seal.seal('token', VALUE);
  const { seal } = setUp(createFixedRing(TWO));
  expect(await seal.open('token', sealed)).toEqual({ problem: 'key_lost' });
});

test('a sealed value names its key and nothing else', async () => {
  const { seal } = setUp();
  const sealed = await seal.seal('token', VALUE, { context: { tenant: 'contoso' } });
  const header = Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString();
  expect(JSON.parse(header)).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'one' });
  expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('contoso');
});

test('no change of a sealed value is overlooked', async () => {
  const { seal } = setUp();
  const sealed = await seal.seal('token', VALUE, { context: { tenant: 'a' } });
  const change = fc.tuple(fc.nat(sealed.length - 1), fc.constantFrom(...'Aa0_-.'));
  await fc.assert(
    fc.asyncProperty(change, async ([index, character]) => {
      const changed = sealed.slice(0, index) + character + sealed.slice(index + 1);
      fc.pre(changed !== sealed && Buffer.from(changed).toString() !== sealed);
      const same = toBytes(changed) === toBytes(sealed);
      expect('problem' in (await seal.open('token', changed, { tenant: 'a' }))).toBe(!same);
    }),
    { numRuns: runs(100) },
  );
});

/** The last character of a part of base64url may have bits that mean nothing. */
function toBytes(sealed: string) {
  const [header, ...parts] = sealed.split('.');
  return [header, ...parts.map((part) => Buffer.from(part, 'base64url').toString('hex'))].join('.');
}

test('a tag holds for its content and purpose only', async () => {
  const { seal } = setUp();
  const tag = await seal.authenticate('token', 'content');
  expect(tag).toMatch(/^one\.[\w-]{43}$/);
  expect(await seal.verify('token', Buffer.from('content'), tag)).toBe(true);
  expect(await seal.verify('token', 'Content', tag)).toBe(false);
  expect(await seal.verify('queue message', 'content', tag)).toBe(false);
});

test('a tag holds without waiting only under a key in memory', async () => {
  const tag = await setUp().seal.authenticate('token', 'content');
  const { seal } = setUp({ ...createFixedRing(ONE), peek: () => undefined });
  expect(seal.verifyNow('token', 'content', tag)).toBe(false);
  expect(await seal.verify('token', 'content', tag)).toBe(true);
  expect(setUp().seal.verifyNow('token', 'content', tag)).toBe(true);
  expect(setUp().seal.verifyNow('token', 'Content', tag)).toBe(false);
});

test.each(['', '.', 'one', 'one.', 'one.AAAA', 'none.AAAA'])('%j is no tag', async (tag) => {
  expect(await setUp().seal.verify('token', 'content', tag)).toBe(false);
});

test('a tag holds under an older key of the ring, and should be made again', async () => {
  const tag = await setUp().seal.authenticate('token', 'content');
  const { seal } = setUp(createFixedRing(TWO, ONE));
  expect(await seal.verify('token', 'content', tag)).toBe(true);
  expect([await seal.isOld(tag), await setUp().seal.isOld(tag)]).toEqual([true, false]);
});

test('a key ring that can not be read is no verdict', async () => {
  const down = () => Promise.reject(new Error('down'));
  const sealed = await setUp().seal.seal('token', VALUE);
  const { seal } = setUp({ current: down, find: down, peek: () => undefined });
  await expect(seal.open('token', sealed)).rejects.toThrow('down');
  await expect(seal.verify('token', 'content', 'one.tag')).rejects.toThrow('down');
  await expect(seal.seal('token', VALUE)).rejects.toThrow('down');
});

test('keys of one purpose and use are no keys of another', async () => {
  const { seal } = setUp();
  const purposes: readonly Purpose[] = PURPOSES;
  const tags = await Promise.all(purposes.map((purpose) => seal.authenticate(purpose, 'x')));
  expect(new Set(tags).size).toBe(purposes.length);
});
