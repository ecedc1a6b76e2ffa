import { setTimeout as sleep } from 'node:timers/promises';
import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';
import { untilHeld } from './until-held.ts';

export const holderKilled: Drill = {
  name: 'holder-killed',
  situation: 'a process is killed while it asks Entra',
  promise:
    'for 45 s nobody else asks (503, try again), then another process does; one token is stored, by one owner',
  run: async (environment) => {
    const { startBroker, onboard, inject, pass, countRequests, forgetRequests } = environment;
    const [broker, other] = [await startBroker(), await startBroker()];
    const contoso = await onboard(broker, 'Contoso');
    inject({ kind: 'slow', ms: 30 * SECOND, times: 1 }, contoso);
    forgetRequests();
    const lost = broker.ask(contoso, 'graph').catch(() => 'lost');
    await untilHeld(environment, contoso);
    await broker.kill();
    expectSame('the answer of the killed process', await lost, 'lost');
    const early = other.ask(contoso, 'graph');
    // It waits for the lease, until more time has passed than it would.
    await sleep(300);
    await pass(30 * SECOND);
    expectAnswer('another process meanwhile', await early, { status: 503, retry_after: 2 });
    await pass(16 * SECOND);
    expectAnswer('it, when the lease has ended', await other.ask(contoso, 'graph'), {
      status: 200,
    });
    expectSame('the requests to Entra', countRequests(contoso), 1);
    const row = await environment.findRow(contoso, 'graph');
    expectSame(
      'the leases on the row',
      { taken: row?.fence, held: row?.lease },
      { taken: 2, held: undefined },
    );
  },
};

export const holderPaused: Drill = {
  name: 'holder-paused',
  situation: 'a process stands still while it asks Entra, and goes on a minute later',
  promise:
    'another process has its token in time; the late write is refused, the newer token stands',
  run: async (environment) => {
    const { startBroker, onboard, inject, pass } = environment;
    const [broker, other] = [await startBroker(), await startBroker()];
    const contoso = await onboard(broker, 'Contoso');
    inject({ kind: 'slow', ms: 1500, times: 1 }, contoso);
    const late = broker.ask(contoso, 'graph');
    await untilHeld(environment, contoso);
    broker.pause();
    await pass(46 * SECOND);
    const newer = await other.ask(contoso, 'graph');
    expectAnswer('another process', newer, { status: 200 });
    const stored = await environment.findRow(contoso, 'graph');
    await pass(14 * SECOND);
    await broker.resume();
    const answer = await late;
    expectAnswer('the request that stood still', answer, { status: 200 });
    const isNewer = answer.body.access_token === newer.body.access_token;
    expectSame('its token to be the newer one', isNewer, true);
    expectSame('the row', await environment.findRow(contoso, 'graph'), stored);
  },
};

export const twoTimers: Drill = {
  name: 'two-timers',
  situation: 'two processes run the refresh timer at the same time',
  promise: 'Entra is asked once for each token that is due',
  fast: true,
  run: async ({ startBroker, onboard, inject, pass, countRequests, forgetRequests }) => {
    const [broker, other] = [await startBroker(), await startBroker()];
    const customers = [
      await onboard(broker, 'Contoso'),
      await onboard(broker, 'Fabrikam'),
      await onboard(broker, 'Wingtip'),
    ];
    await pass(52 * MINUTE);
    // Long enough for the other process to meet the keys while they are being asked for.
    inject({ kind: 'slow', ms: 700 });
    forgetRequests();
    await Promise.all([broker.refresh(), other.refresh()]);
    await Promise.all([broker.drain(), other.drain()]);
    expectSame('the requests for each customer', customers.map(countRequests), [1, 1, 1]);
    const runs = [broker, other].map(({ events }) => events('refresh.run').length);
    expectSame('the runs of the timers', runs, [1, 1]);
  },
};

export const killSwitch: Drill = {
  name: 'kill-switch',
  situation: 'an operator disables a tenant',
  promise:
    'every process refuses it within five seconds, tokens in memory and on their way included',
  run: async ({ startBroker, onboard, inject, pass }) => {
    const [broker, other] = [await startBroker(), await startBroker()];
    const contoso = await onboard(broker, 'Contoso');
    expectAnswer('a token elsewhere', await other.ask(contoso), { status: 200 });
    const path = `/tenants/${contoso.tenant.tenantId}`;
    // The other process is getting a token while the operator acts: it must not leave any more.
    inject({ kind: 'slow', ms: 2500, times: 1 }, contoso);
    const late = other.ask(contoso, 'graph');
    const disabled = await broker.call('PATCH', path, { status: 'disabled' });
    expectSame('the live tokens in the answer', disabled.body.live_tokens.length, 1);
    const refused = { status: 409, error: 'tenant_disabled' };
    expectAnswer('a token here, at once', await broker.ask(contoso), refused);
    await pass(5 * SECOND);
    expectAnswer('a token that was on its way elsewhere', await late, refused);
    expectAnswer('a token elsewhere, 5 s later', await other.ask(contoso), refused);
    await onboard(broker, 'Contoso');
    expectAnswer('a token after a new consent', await other.ask(contoso), refused);
  },
};
