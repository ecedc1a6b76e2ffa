import { QueueServiceClient } from '@azure/storage-queue';
import type { Drill } from '../drill.ts';
import { MINUTE, SECOND } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';

export const tableRestart: Drill = {
  name: 'table-restart',
  situation: 'Table Storage is down',
  promise:
    'tokens in memory are served, the rest is 503 that says so; when it is back everything recovers by itself',
  run: async ({ startBroker, onboard, storage, pass }) => {
    const [broker, other] = [await startBroker(), await startBroker()];
    const contoso = await onboard(broker, 'Contoso');
    const fabrikam = await onboard(broker, 'Fabrikam');
    await broker.ask(contoso);
    await storage.stop();
    const down = { status: 503, error: 'temporarily_unavailable', owner: 'partner' };
    expectAnswer('a token in memory', await broker.ask(contoso), { status: 200 });
    await pass(4 * MINUTE);
    expectAnswer('it, four minutes later', await broker.ask(contoso), { status: 200 });
    expectAnswer('a token of storage', await broker.ask(fabrikam), down);
    expectAnswer('a process that has none', await other.ask(contoso), down);
    expectAnswer('the list of tenants', await broker.call('GET', '/tenants'), down);
    await storage.restart();
    await pass(5 * SECOND);
    expectAnswer('a token of storage afterwards', await broker.ask(fabrikam), { status: 200 });
    expectAnswer('the other process', await other.ask(contoso, 'graph'), { status: 200 });
    await pass(50 * MINUTE);
    await broker.refresh();
    const { refreshed } = broker.events('refresh.batch').at(-1) ?? {};
    expectSame('the tokens that the timer refreshes', refreshed, 3);
  },
};

export const poisonMessage: Drill = {
  name: 'poison-message',
  situation: 'a message of the refresh queue can never be processed',
  promise: 'it is put aside after five tries, a health check counts it, and other messages go on',
  fast: true,
  run: async ({ startBroker, onboard, settings, pass, countRequests, forgetRequests }) => {
    const broker = await startBroker();
    const contoso = await onboard(broker, 'Contoso');
    const service = QueueServiceClient.fromConnectionString(settings.AzureWebJobsStorage ?? '');
    await service.getQueueClient('token-refresh').sendMessage('{"keys":"none"}');
    await pass(52 * MINUTE);
    forgetRequests();
    await broker.refresh();
    expectSame('the requests for a due token', countRequests(contoso), 1);
    for (let tries = 1; tries < 5; tries++) {
      await pass(31 * SECOND);
      await broker.drain();
    }
    const { body } = await broker.call('GET', '/health');
    expectSame('the queue in the health check', body.checks.queues.queues['token-refresh'], {
      depth: 0,
      poison: 1,
    });
    const poison = service.getQueueClient('token-refresh-poison');
    const { peekedMessageItems } = await poison.peekMessages();
    expectSame('what was put aside', peekedMessageItems[0]?.messageText, '{"keys":"none"}');
  },
};
