import { expect, test } from 'vitest';
import { shorten } from '../../../shared/incidents/shorten.ts';
import { makeIncident } from './api-set-up.ts';

/** Text that JSON makes six times as long. */
const LONG = '\u0001'.repeat(50_000);
const EMPTY = makeIncident('11111111-0000-4000-8000-000000000000', 1);
const comment = { comment: LONG, createdBy: LONG, createdAt: EMPTY.createdAt };

test('whatever a customer writes, an incident that was shortened has less than 200 KB', () => {
  const [name, severity, status, classification] = [LONG, LONG, LONG, LONG];
  const [tags, comments] = [Array(500).fill(LONG), Array(500).fill(comment)];
  const texts = { name, severity, status, classification, determination: LONG, assignedTo: LONG };
  const short = shorten({ ...EMPTY, ...texts, tags, comments });
  expect(Buffer.byteLength(JSON.stringify(short))).toBeLessThan(200_000);
  expect([short.tags.length, short.comments.length]).toEqual([50, 10]);
});

test('a text is not cut through a character', () => {
  const [name, status] = [`${'x'.repeat(999)}😀`, `${'x'.repeat(255)}😀`];
  const short = shorten({ ...EMPTY, name, status });
  expect(short.name).toBe(`${'x'.repeat(999)}\ufffd`);
  expect(short.status).toBe(`${'x'.repeat(255)}\ufffd`);
});
