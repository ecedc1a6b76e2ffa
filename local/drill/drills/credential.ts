import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectBetween, expectSame } from '../expect.ts';

export const vaultDown: Drill = {
  name: 'vault-down',
  situation: 'Key Vault is down',
  promise:
    'who knows the secret and the keys goes on with them for an hour; a process that starts meanwhile says what is wrong, and works when the vault does',
  run: async ({ microsoft, startBroker, onboard, pass, flip }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    microsoft.keyVault.faults.inject({ kind: 'failing', status: 503 });
    await pass(6 * MINUTE);
    expectAnswer('a new token', await broker.ask(contoso, 'graph'), { status: 200 });
    await pass(54 * MINUTE);
    expectAnswer('an hour later', await broker.ask(contoso), { status: 200 });
    const late = await startBroker();
    expectAnswer('a process that starts meanwhile', await late.ask(contoso), {
      status: 503,
      owner: 'partner',
    });
    await flip('calm');
    await pass(31 * SECOND);
    expectAnswer('that process afterwards', await late.ask(contoso), { status: 200 });
  },
};

export const secretExpired: Drill = {
  name: 'secret-expired',
  situation: 'our credential expired',
  promise:
    '503 that is ours to repair; no customer is demoted; Entra is asked once in 30 s; a new secret is picked up by itself',
  run: async ({ startBroker, onboard, flip, pass, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const customers = [await onboard(broker, 'Contoso'), await onboard(broker, 'Fabrikam')];
    await flip('expire-secret');
    forgetRequests();
    for (const second of [0, 14, 15]) {
      await pass(second * SECOND);
      for (const customer of customers) {
        const refused = { status: 503, owner: 'partner' };
        expectAnswer('a new token', await broker.ask(customer, 'graph'), refused);
        expectAnswer('a token that works', await broker.ask(customer), { status: 200 });
        expectSame('the status', await broker.statusOf(customer), 'active');
      }
    }
    const asked = customers.map(countRequests).reduce((sum, count) => sum + count);
    expectSame('the requests to Entra within 30 s', asked, 1);
    await flip('rotate-secret');
    await pass(2 * SECOND);
    for (const customer of customers) {
      expectAnswer('after a new secret', await broker.ask(customer, 'graph'), { status: 200 });
    }
  },
};

export const wrongSecret: Drill = {
  name: 'wrong-secret',
  situation: 'somebody puts a wrong new secret into Key Vault',
  promise:
    'the secret before goes on working, in old and new processes; the log names the wrong one',
  run: async ({ startBroker, onboard, flip, pass }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    const fabrikam = await onboard(broker, 'Fabrikam');
    await flip('wrong-secret');
    await pass(6 * MINUTE);
    expectAnswer('a new token', await broker.ask(contoso, 'graph'), { status: 200 });
    const warned = broker.events('credential.not_accepted').length;
    expectBetween('the warnings "credential.not_accepted"', warned, [1, 2]);
    const late = await startBroker();
    const answer = await late.ask(fabrikam, 'graph');
    expectAnswer('a process that starts now', answer, { status: 200 });
    expectSame("the customer's status", await broker.statusOf(contoso), 'active');
  },
};
