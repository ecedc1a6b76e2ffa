import { expect, test } from 'vitest';
import { BrokerError } from '../../../shared/errors.ts';
import { createAskBudget } from '../../../shared/oauth/ask-budget.ts';
import { createVerifySecret } from '../../../shared/oauth/verify-secret.ts';

const CLIENT = '11111111-2222-4333-8444-555555555555';
const MINUTE = 60_000;

/** A token that Entra gives; only its end is read here. */
function toToken(expiresAt: number): string {
  const payload = Buffer.from(JSON.stringify({ exp: expiresAt / 1000 })).toString('base64url');
  return `e30.${payload}.x`;
}

/** The check with an Entra that takes `right`, and a clock that stands still. */
function setUp(right = 'right') {
  const clock = { now: 1_700_000_000_000 };
  const entra = { asked: 0, isDown: false, right };
  const now = () => clock.now;
  const verify = createVerifySecret({
    callers: { has: (id) => Promise.resolve(id === CLIENT), forget: () => undefined },
    epoch: { ensureCurrent: () => undefined },
    askHomeTenant: (_, secret) => {
      entra.asked++;
      if (entra.isDown) return Promise.reject(toDownError());
      return Promise.resolve(secret === entra.right ? toToken(clock.now + 60 * MINUTE) : undefined);
    },
    authenticate: () => ({ id: CLIENT, kind: 'application', roles: ['Tokens.Issue'] }),
    budget: createAskBudget(now),
    now,
  });
  const ask = async (secret: string, address = '203.0.113.1') => {
    try {
      await verify({ method: 'client_secret_post', clientId: CLIENT, secret }, address);
      return 'accepted';
    } catch (error) {
      return error instanceof BrokerError ? error.code : 'unexpected';
    }
  };
  return { clock, entra, ask };
}

function toDownError(): BrokerError {
  const details = { owner: 'microsoft', remedy: 'Try again.' } as const;
  return new BrokerError('temporarily_unavailable', 'Down.', details);
}

test('a thousand wrong secrets from many addresses ask Entra four times a minute', async () => {
  const { clock, entra, ask } = setUp();
  for (let guess = 0; guess < 1000; guess++)
    await ask(`guess ${guess}`, `203.0.113.${guess % 250}`);
  const inOneMinute = entra.asked;
  clock.now += MINUTE;
  for (let guess = 0; guess < 1000; guess++) await ask(`more ${guess}`, `203.0.113.${guess % 250}`);
  expect([inOneMinute, entra.asked]).toEqual([4, 8]);
});

test('where the right secret was seen before it is still verified under attack', async () => {
  const { clock, entra, ask } = setUp();
  await ask('right', '198.51.100.7');
  clock.now += 10 * MINUTE;
  for (let guess = 0; guess < 100; guess++) await ask(`guess ${guess}`, `203.0.113.${guess}`);
  const before = entra.asked;
  expect(await ask('right', '198.51.100.7')).toBe('accepted');
  expect(entra.asked - before).toBe(1);
});

test('one address has two tries a minute, and another still has its own', async () => {
  const { entra, ask } = setUp();
  for (let guess = 0; guess < 100; guess++) await ask(`guess ${guess}`);
  expect([entra.asked, await ask('right', '198.51.100.7')]).toEqual([2, 'accepted']);
});

test('the same wrong secret is refused from memory for ten seconds', async () => {
  const { clock, entra, ask } = setUp();
  const answers = [await ask('wrong'), await ask('wrong')];
  clock.now += 11_000;
  answers.push(await ask('wrong'));
  expect(answers).toEqual(Array(3).fill('invalid_client'));
  expect(entra.asked).toBe(2);
});

test('a secret that was withdrawn stops working after five minutes', async () => {
  const { clock, entra, ask } = setUp();
  await ask('right');
  entra.right = 'new';
  clock.now += 4 * MINUTE;
  const before = await ask('right');
  clock.now += 2 * MINUTE;
  expect([before, await ask('right')]).toEqual(['accepted', 'invalid_client']);
});

test('while Entra is down the right secret works as long as its access token', async () => {
  const { clock, entra, ask } = setUp();
  await ask('right');
  entra.isDown = true;
  clock.now += 50 * MINUTE;
  const meanwhile = await ask('right');
  clock.now += 20 * MINUTE;
  expect([meanwhile, await ask('right')]).toEqual(['accepted', 'temporarily_unavailable']);
});

test('equal requests at once ask Entra once', async () => {
  const { entra, ask } = setUp();
  await Promise.all(Array.from({ length: 50 }, () => ask('right')));
  expect(entra.asked).toBe(1);
});
