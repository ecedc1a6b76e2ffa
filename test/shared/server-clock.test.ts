import { expect, test, vi } from 'vitest';
import { createServerClock } from '../../shared/server-clock.ts';
import { createClock, MINUTE, SECOND } from '../support/clock.ts';

/**
 * A process whose clock is wrong, and a server that answers with the time or with what a test says.
 */
function setUp(skew = 0) {
  const clock = createClock();
  const ownNow = () => clock.now() + skew;
  const serverClock = createServerClock(ownNow);
  const answer = vi.fn((headers: Record<string, string> = {}) => new Response('', { headers }));
  const fetch = serverClock.observe(() => Promise.resolve(answer()));
  const ask = async (headers: Record<string, string> = {}) => {
    answer.mockReturnValueOnce(new Response('', { headers }));
    await fetch('https://login.example/');
  };
  const tell = (time: number) => ask({ date: new Date(time).toUTCString() });
  return { clock, ownNow, serverClock, answer, fetch, ask, tell };
}

test.each([4 * MINUTE, -4 * MINUTE, 60 * MINUTE])(
  'a clock that is %i ms off follows the server after two answers',
  async (skew) => {
    const { clock, serverClock, tell } = setUp(skew);
    await tell(clock.now());
    expect(serverClock.now()).toBe(clock.now() + skew);
    await tell(clock.now());
    expect(serverClock.now()).toBe(clock.now());
    clock.pass(MINUTE);
    expect(serverClock.now()).toBe(clock.now());
  },
);

test('a clock that is right is left alone, whatever a second is cut to', async () => {
  const { clock, ownNow, serverClock, tell } = setUp();
  for (const lag of [0, 999, 1500, 300, 700]) await tell(clock.now() - lag);
  expect(serverClock.now()).toBe(ownNow());
});

test.each([
  ['ancient', 0],
  ['an hour ahead', createClock().now() + 60 * MINUTE],
  ['of the last century', -1],
])('one answer whose time is %s moves nothing, at any place among others', async (_, odd) => {
  for (const place of [0, 1, 2, 3, 4]) {
    const { clock, serverClock, tell } = setUp(4 * MINUTE);
    for (let at = 0; at < 5; at++) await tell(at === place ? odd : clock.now());
    expect(serverClock.now()).toBe(clock.now());
  }
});

test.each([
  ['without a Date', {}],
  ['whose Date can not be read', { date: 'soon' }],
  ['out of a cache', { date: 'Thu, 01 Jan 1970 00:00:00 GMT', age: '30' }],
])('answers %s leave the process its own clock', async (_, headers) => {
  const { ownNow, serverClock, ask } = setUp(4 * MINUTE);
  await ask(headers);
  await ask(headers);
  expect(serverClock.now()).toBe(ownNow());
});

test('an answer that took long tells no time', async () => {
  const { clock, ownNow, serverClock, answer, fetch } = setUp(4 * MINUTE);
  answer.mockImplementation(() => {
    const date = new Date(clock.now()).toUTCString();
    clock.pass(6 * SECOND);
    return new Response('', { headers: { date } });
  });
  await fetch('https://login.example/');
  await fetch('https://login.example/');
  expect(serverClock.now()).toBe(ownNow());
});

test('a clock that is set right while the process runs is noticed', async () => {
  const clock = createClock();
  let skew = 4 * MINUTE;
  const { now, observe } = createServerClock(() => clock.now() + skew);
  const date = () => ({ headers: { date: new Date(clock.now()).toUTCString() } });
  const fetch = observe(() => Promise.resolve(new Response('', date())));
  for (let at = 0; at < 5; at++) await fetch('https://login.example/');
  skew = 0;
  for (let at = 0; at < 3; at++) await fetch('https://login.example/');
  expect(now()).toBe(clock.now());
});

test('requests that fail fail as before', async () => {
  const { observe } = createServerClock(() => 0);
  const fetch = observe(() => Promise.reject(new Error('down')));
  await expect(fetch('https://login.example/')).rejects.toThrow('down');
});
