import { expect, test } from 'vitest';
import { createCursorSeal } from '../../../shared/incidents/cursor-seal.ts';
import { createFixedRing, createRingKey } from '../../support/key-ring.ts';

const RING = createFixedRing(createRingKey('one'));
const HERE = 'https://broker.example';
const seal = createCursorSeal(RING, HERE);
const cursor = await seal.sign('incident-changes', '4711');

function read(text: string, of = seal) {
  return of.read('incident-changes', text);
}

function toChanged(part: number) {
  const parts = cursor.split('.');
  const payload = { iss: HERE, aud: 'incident-changes', at: '1' };
  parts[part] = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return parts.join('.');
}

test('a cursor comes back as the position that was signed', async () => {
  expect(await read(cursor)).toBe('4711');
  expect(cursor).toMatch(/^[\w.-]+$/);
});

test.each([
  ['another position', toChanged(1)],
  ['another signature', toChanged(2)],
  ['no signature', cursor.slice(0, cursor.lastIndexOf('.') + 1)],
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
  ['address', createCursorSeal(RING, 'https://other.example')],
  ['key ring', createCursorSeal(createFixedRing(createRingKey('two')), HERE)],
])('a cursor of a deployment with another %s is foreign', async (_, other) => {
  await expect(read(cursor, other)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'The parameter cursor is of another deployment, or its key is gone.',
    details: { remedy: 'Begin again: without cursor, or with since.' },
  });
});

test('a cursor is for one route', async () => {
  await expect(seal.read('incidents', cursor)).rejects.toMatchObject({
    message: 'The parameter cursor is of another route.',
  });
});

test('a vault that can not be read is no verdict on the cursor', async () => {
  const find = () => Promise.reject(new Error('down'));
  await expect(read(cursor, createCursorSeal({ ...RING, find }, HERE))).rejects.toThrow('down');
});
