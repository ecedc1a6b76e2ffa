import { expect, test } from 'vitest';
import { createSlotControl } from '../../../shared/slots/slots.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';

/** A fetch that answers with the signal that it was given. */
function setUp() {
  const signals: (AbortSignal | null | undefined)[] = [];
  const clock = createSimulatedClock(0);
  const control = createSlotControl(clock);
  const fetch = control.withSlots((_, init) => {
    signals.push(init?.signal);
    return Promise.resolve(new Response());
  });
  return { signals, control, fetch };
}

test('a request outside of any slot is sent as it is', async () => {
  const { signals, fetch } = setUp();
  const { signal } = new AbortController();
  await fetch('http://127.0.0.1', { signal });
  await fetch('http://127.0.0.1');
  expect(signals).toEqual([signal, undefined]);
});

test('a request in a slot still ends by its own signal', async () => {
  const { signals, control, fetch } = setUp();
  const slots = control.createSlots({ slots: 1, slowCalls: 0, stopsCalls: true });
  const controller = new AbortController();
  const work = async () => void (await fetch('http://127.0.0.1', { signal: controller.signal }));
  await slots.run(work, work);
  controller.abort();
  expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
});
