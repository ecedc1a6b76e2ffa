import { expect, test } from 'vitest';
import { createMeter } from '../../../shared/telemetry/meter.ts';

const ISSUED = { source: 'entra', outcome: 'issued' };

test('what was counted is taken once, split by its attributes', () => {
  const meter = createMeter();
  meter.count('tokens.brokered', ISSUED);
  meter.count('tokens.brokered', ISSUED, 2);
  meter.count('tokens.brokered', { source: 'none', outcome: 'access_denied' });
  expect(meter.take().map(({ value, attributes }) => [value, attributes])).toEqual([
    [3, ISSUED],
    [1, { source: 'none', outcome: 'access_denied' }],
  ]);
  expect(meter.take()).toEqual([]);
});

test('a counter that was looked up once goes on after it was taken', () => {
  const meter = createMeter();
  const add = meter.counter('tokens.brokered', ISSUED);
  add();
  meter.take();
  add();
  add();
  expect(meter.take()).toEqual([
    { name: 'tokens.brokered', kind: 'counter', attributes: ISSUED, value: 2 },
  ]);
});

test('the last value of a gauge counts', () => {
  const meter = createMeter();
  meter.gauge('credential.days_left', 31, { kind: 'secret' });
  meter.gauge('credential.days_left', 0, { kind: 'secret' });
  expect(meter.take().map(({ kind, value }) => [kind, value])).toEqual([['gauge', 0]]);
});

test('nothing added is nothing to say', () => {
  const meter = createMeter();
  meter.count('tokens.refreshed', { outcome: 'failed' }, 0);
  meter.counter('tokens.refreshed', { outcome: 'entra' });
  expect(meter.take()).toEqual([]);
});

test('a split by something that never repeats does not fill the memory', () => {
  const meter = createMeter();
  const names = Array.from({ length: 2000 }, (_, i) => `x${i}`);
  for (const outcome of names) meter.count('tokens.refreshed', { outcome });
  expect(meter.take()).toHaveLength(500);
});
