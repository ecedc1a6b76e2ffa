import { CompactSign } from 'jose';
import { expect, test } from 'vitest';
import { createDeriveKey } from '../../../shared/crypto/derive-key.ts';
import { createSeal, type Seal } from '../../../shared/crypto/seal.ts';
import { createCursorSeal } from '../../../shared/incidents/cursor-seal.ts';
import { createFixedSeal, createRingKey } from '../../support/key-ring.ts';

const RING_KEY = createRingKey('one');
const { ring: RING, seal: SEAL } = createFixedSeal(RING_KEY);
const HERE = 'https://broker.example';
const POSITION = '{"tenantId":"00001000-0000-4000-8000-000000000000","incidentId":"4711"}';
const createOf = (sealOf: Seal, deployment: string) =>
  createCursorSeal({ seal: sealOf, deployment, now: Date.now });
const seal = createOf(SEAL, HERE);
const cursor = await seal.seal('incident-changes', POSITION);

function read(text: string, of = seal) {
  return of.open('incident-changes', text);
}

/** With one bit of a part turned, or with another part. */
function toChanged(part: number, bytes?: Buffer) {
  const parts = cursor.split('.');
  const changed = bytes ?? Buffer.from(parts[part] ?? '', 'base64url');
  if (!bytes) changed[0] = (changed[0] ?? 0) ^ 1;
  parts[part] = changed.toString('base64url');
  return parts.join('.');
}

async function toSigned() {
  const value = { kind: 'incident-changes', at: POSITION };
  return await new CompactSign(
    Buffer.from(JSON.stringify({ value, context: { deployment: HERE } })),
  )
    .setProtectedHeader({ alg: 'HS256', kid: RING_KEY.kid })
    .sign(createDeriveKey()(RING_KEY, 'seal', 'incident cursor'));
}

test('a cursor comes back as the position that was sealed', async () => {
  expect(await read(cursor)).toBe(POSITION);
  expect(cursor).toMatch(/^[\w.-]+$/);
});

test('no part of a cursor tells anything but how and by which key it was sealed', () => {
  const [header = '', ...others] = cursor.split('.').map((part) => Buffer.from(part, 'base64url'));
  expect(JSON.parse(String(header))).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'one' });
  const rest = Buffer.concat([cursor, ...others].map((part) => Buffer.from(part))).toString();
  expect(rest).not.toMatch(/00001000|4711|tenantId|incident|broker/);
});

test('no two cursors of one position are alike', async () => {
  expect(await seal.seal('incident-changes', POSITION)).not.toBe(cursor);
});

test('a cursor goes on under a newer key, as long as its own is in the ring', async () => {
  const { seal: newer } = createFixedSeal(createRingKey('two', 9), RING_KEY);
  expect(await read(cursor, createOf(newer, HERE))).toBe(POSITION);
});

test.each([
  ['a key of its own', toChanged(1, Buffer.from('key'))],
  ['another nonce', toChanged(2)],
  ['another position', toChanged(3)],
  ['a readable position', toChanged(3, Buffer.from('{"at":"1"}'))],
  ['another tag', toChanged(4)],
  ['no tag', cursor.slice(0, cursor.lastIndexOf('.') + 1)],
  ['a signature', await toSigned()],
  ['nothing of a cursor', 'eyJhbGciOiJub25lIn0.e30.'],
  ['a number', '4711'],
])('a cursor with %s was changed', async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The parameter cursor was changed.',
    details: { owner: 'caller', remedy: 'Send next_cursor exactly as it was answered.' },
  });
});

test.each([
  ['address', createOf(SEAL, 'https://other.example')],
  ['key ring', createOf(createFixedSeal(createRingKey('two')).seal, HERE)],
])('a cursor of a deployment with another %s is foreign', async (_, other) => {
  await expect(read(cursor, other)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The parameter cursor is of another deployment, or its key is gone.',
    details: { remedy: 'Begin again: without cursor, or with since.' },
  });
});

test('a cursor is for one route', async () => {
  await expect(seal.open('incidents', cursor)).rejects.toMatchObject({
    message: 'The parameter cursor is of another route.',
  });
});

test('a vault that can not be read is no verdict on the cursor', async () => {
  const find = () => Promise.reject(new Error('down'));
  await expect(
    read(cursor, createOf(createSeal({ ...RING, find }, Date.now), HERE)),
  ).rejects.toThrow('down');
});

test.each([
  [29, undefined],
  [31, 'The parameter cursor is older than 30 days.'],
])('a cursor of %i days: %s', async (days, message) => {
  const madeAt = Date.now() - days * 24 * 60 * 60_000;
  const old = createCursorSeal({ seal: SEAL, deployment: HERE, now: () => madeAt });
  const opened = read(await old.seal('incident-changes', POSITION));
  await expect(opened.catch((error: Error) => error.message)).resolves.toBe(message ?? POSITION);
});
