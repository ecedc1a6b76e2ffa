import type { ApiAnswer } from '../../sandbox/client.ts';
import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectBetween, expectSame } from '../expect.ts';

/** One customer, and all of them, are throttled. */
export const entraThrottles: Drill = {
  name: 'entra-throttles',
  situation: 'Entra throttles one customer',
  promise:
    'that customer waits for the minute that Entra says, and Entra is not asked before; others get tokens',
  fast: true,
  run: async ({ startBroker, onboard, inject, flip, pass, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const [contoso, fabrikam] = [
      await onboard(broker, 'Contoso'),
      await onboard(broker, 'Fabrikam'),
    ];
    inject({ kind: 'throttle', retryAfterSeconds: 60 }, contoso);
    forgetRequests();
    const refused = await broker.ask(contoso, 'graph');
    expectAnswer('a throttled customer', refused, { status: 503, owner: 'microsoft' });
    expectBetween('Retry-After', Number(refused.headers.get('retry-after')), [50, 60]);
    for (const second of [0, 20, 28]) {
      await pass(second * SECOND);
      expectAnswer('the customer again', await broker.ask(contoso, 'graph'), { status: 503 });
      await broker.refresh();
    }
    expectSame('the requests to Entra before Retry-After', countRequests(contoso), 1);
    expectAnswer('a token that it has', await broker.ask(contoso), { status: 200 });
    expectAnswer('another customer', await broker.ask(fabrikam, 'graph'), { status: 200 });
    await flip('calm');
    await pass(13 * SECOND);
    expectAnswer('the customer after the minute', await broker.ask(contoso, 'graph'), {
      status: 200,
    });
  },
};

export const entraThrottlesAll: Drill = {
  name: 'entra-throttles-all',
  situation: 'Entra throttles every customer for a minute',
  promise:
    'tokens that work are served; each customer costs one request; all recover by themselves',
  run: async ({ startBroker, onboard, inject, flip, pass, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const customers = [await onboard(broker, 'Contoso'), await onboard(broker, 'Fabrikam')];
    inject({ kind: 'throttle', retryAfterSeconds: 60 });
    forgetRequests();
    for (const second of [0, 28, 20]) {
      await pass(second * SECOND);
      for (const customer of customers) {
        expectAnswer('a new token', await broker.ask(customer, 'graph'), { status: 503 });
        expectAnswer('a token that it has', await broker.ask(customer), { status: 200 });
      }
    }
    expectSame('the requests to Entra', customers.map(countRequests), [1, 1]);
    await flip('calm');
    await pass(13 * SECOND);
    for (const customer of customers) {
      expectAnswer('a new token afterwards', await broker.ask(customer, 'graph'), { status: 200 });
    }
  },
};

export const entraDown: Drill = {
  name: 'entra-down',
  situation: 'Entra is down, the token still works',
  promise: 'no read fails for the last nine minutes of a token; afterwards it is replaced in time',
  run: async ({ startBroker, onboard, inject, flip, pass }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    const answers: ApiAnswer[] = [];
    const read = async () => {
      const asked = Array.from({ length: 10 }, () => broker.ask(contoso));
      answers.push(...(await Promise.all(asked)));
    };
    await read();
    const [first] = answers;
    await pass(51 * MINUTE);
    inject({ kind: 'server-error' });
    for (let minute = 51; minute < 58; minute++) {
      await broker.refresh();
      await read();
      if (minute === 55)
        expectAnswer('a read', await broker.ask(contoso), { status: 200, degraded: true });
      if (minute === 56) await flip('calm');
      await pass(MINUTE);
    }
    await broker.refresh();
    await read();
    const failed = answers.filter(({ status }) => status !== 200);
    expectSame('the number of failed reads', failed.length, 0);
    const last = answers.at(-1);
    expectSame(
      'the last token to be a new one',
      last?.body.access_token !== first?.body.access_token,
      true,
    );
    expectSame('the mark "degraded" of the last read', last?.body.degraded, undefined);
  },
};

export const slowEntra: Drill = {
  name: 'slow-entra',
  situation: 'Entra takes three seconds for every token',
  promise: 'twenty requests share one request and wait for it; tokens in memory are served at once',
  run: async ({ startBroker, onboard, flip, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    await broker.ask(contoso);
    await flip('slow');
    forgetRequests();
    const waiting = Array.from({ length: 20 }, () => broker.ask(contoso, 'graph'));
    const startedAt = performance.now();
    expectAnswer('a token in memory', await broker.ask(contoso), { status: 200 });
    expectBetween('its time in ms', Math.round(performance.now() - startedAt), [0, 2 * SECOND]);
    for (const answer of await Promise.all(waiting)) {
      expectAnswer('a new token', answer, { status: 200 });
    }
    expectBetween('the time of new ones in ms', Math.round(performance.now() - startedAt), [
      2900,
      9 * SECOND,
    ]);
    expectSame('the requests to Entra', countRequests(contoso), 1);
  },
};
