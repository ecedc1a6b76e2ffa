import { brotliCompressSync } from 'node:zlib';
import type { Customer } from '../../sandbox/customers.ts';
import type { Broker } from '../broker.ts';
import type { Drill } from '../drill.ts';
import { type DrillEnvironment, MINUTE } from '../environment.ts';
import { expectAnswer, expectSame } from '../expect.ts';
import { createIntruder, type Intruder, type StoredRow } from './intruder.ts';
import { moveMessages, toFindingText } from './message-mover.ts';
import { type Receiver, startReceiver } from './receiver.ts';

const REFUSED = { status: 503, error: 'integrity', owner: 'partner' };
const SERVED = { status: 200 };

export const feedWriter: Drill = {
  name: 'feed-writer',
  situation: 'somebody writes into our storage: changes, webhooks, messages, incidents',
  promise:
    'what no broker wrote is answered and delivered to nobody, runs nothing and is named in the log and in the health check; the rest of the feed and other subscriptions go on',
  fast: true,
  run: async (environment) => {
    const broker = await environment.startBroker();
    const contoso = await environment.onboard(broker, 'Contoso');
    const intruder = createIntruder(environment.settings.AzureWebJobsStorage ?? '');
    const receiver = await startReceiver();
    try {
      const attack = { environment, broker, contoso, intruder, receiver };
      const moved = await subscribe(attack, '/moved');
      await subscribe(attack, '/healthy');
      await addIncidents(attack, 2);
      expectSame('the first notifications', countBoth(receiver), [2, 2]);
      await writeFeed(attack);
      await moveSubscription(attack, moved);
      await planBomb(attack);
      await expectNamed(broker);
      await moveMessages(environment, broker, intruder);
    } finally {
      receiver.close();
    }
  },
};

interface Attack {
  readonly environment: DrillEnvironment;
  readonly broker: Broker;
  readonly contoso: Customer;
  readonly intruder: Intruder;
  readonly receiver: Receiver;
}

async function subscribe({ broker, receiver }: Attack, path: string): Promise<string> {
  const answer = await broker.call('POST', '/subscriptions', { url: `${receiver.url}${path}` });
  expectAnswer('a subscription', answer, { status: 201 });
  return answer.body.subscription_id;
}

function countBoth({ count }: Receiver): readonly number[] {
  return [count('/moved'), count('/healthy')];
}

/** Incidents appear at Microsoft and go all the way to the receivers. */
async function addIncidents({ environment, broker, contoso }: Attack, count: number) {
  const { microsoft, now, pass } = environment;
  const at = now() - 5 * MINUTE;
  microsoft.incidents.createBurst(contoso.tenant.tenantId, { count, from: at, to: at });
  for (const timer of ['syncIncidents', 'dispatchWebhooks']) {
    await broker.runTimer(timer);
    await broker.drain();
  }
  await pass(10 * MINUTE);
}

/** A change that is rewritten, one that a copy puts in, and heads that are not of the broker. */
async function writeFeed(attack: Attack) {
  const { broker, intruder } = attack;
  const [first, second] = [await readFeed(intruder, 1), await readFeed(intruder, 2)];
  const incident = String(first.incident).replace('"severity":"', '"severity":"x');
  await intruder.put('incidentchanges', toFeedId(1), { ...first, incident });
  await intruder.put('incidentchanges', toFeedId(3), second);
  const { body } = await broker.call('GET', '/incidents/changes');
  const sequences = body.value.map(({ sequence }: { sequence: number }) => sequence);
  expectSame('the changes that are answered', [sequences, body.unreadable], [[2], 1]);
  await addIncidents(attack, 1);
  expectSame('the notifications of the next change', countBoth(attack.receiver), [3, 3]);
  const head = await intruder.read('incidentchanges', HEAD);
  const heads: readonly (readonly [string, StoredRow | undefined])[] = [
    ['a rewritten head', { ...head, next: '1' }],
    ['a change as the head', second],
    ['no head', undefined],
  ];
  for (const [what, row] of heads) {
    await intruder.put('incidentchanges', HEAD, row);
    expectAnswer(`the feed by ${what}`, await broker.call('GET', '/incidents/changes'), REFUSED);
    expectAnswer(`a token beside ${what}`, await broker.ask(attack.contoso), SERVED);
  }
  await intruder.put('incidentchanges', HEAD, head);
  expectAnswer('the feed by its head', await broker.call('GET', '/incidents/changes'), SERVED);
}

const HEAD = { partitionKey: 'feed', rowKey: 'head' };

function toFeedId(sequence: number) {
  return { partitionKey: 'feed', rowKey: String(sequence).padStart(16, '0') };
}

async function readFeed(intruder: Intruder, sequence: number): Promise<StoredRow> {
  return await intruder.read('incidentchanges', toFeedId(sequence));
}

/** A subscription that gets another owner delivers nothing; the other one goes on. */
async function moveSubscription(attack: Attack, id: string) {
  const { environment, broker, intruder, receiver } = attack;
  const rowId = { partitionKey: 'webhook', rowKey: id };
  const row = await intruder.read('webhooks', rowId);
  const callerId = environment.partner.tools.playbook.clientId;
  await intruder.put('webhooks', rowId, { ...row, callerId });
  const answer = await broker.call('GET', `/subscriptions/${id}`);
  expectAnswer('the subscription of another owner', answer, REFUSED);
  await addIncidents(attack, 1);
  expectSame('the notifications beside it', countBoth(receiver), [3, 4]);
  await intruder.put('webhooks', rowId, row);
  await addIncidents(attack, 1);
  expectSame('the notifications with the right row', countBoth(receiver), [5, 5]);
}

/** Bytes that unpack to far more than any row holds. */
async function planBomb({ broker, contoso, intruder }: Attack) {
  const { tenantId } = contoso.tenant;
  const path = `/tenants/${tenantId}/incidents`;
  const { body } = await broker.call('GET', `/incidents?tenant=${tenantId}`);
  const { incident_id } = body.value[0];
  const rowKey = String(10n ** 19n - 1n - BigInt(incident_id)).padStart(19, '0');
  const id = { partitionKey: tenantId, rowKey };
  const row = await intruder.read('incidents', id);
  const bomb = brotliCompressSync(Buffer.alloc(BOMB_BYTES));
  await intruder.put('incidents', id, { ...row, raw0: bomb, incident0: bomb });
  expectAnswer('an incident that is a bomb', await broker.call('GET', `${path}/${incident_id}`), {
    status: 200,
  });
  const { status, body: list } = await broker.call('GET', `/incidents?tenant=${tenantId}`);
  expectSame('the list beside it', [status, list.value.length], [200, body.value.length - 1]);
}

const BOMB_BYTES = 128 * 1024 * 1024;

/** The alarms name what was found; what the intruder left is gone once an operator removes it. */
async function expectNamed(broker: Broker) {
  const alarms = broker.events('integrity.violated').map(({ table, key }) => [table, key]);
  const named = alarms.map(String).map((text) => text.replace(/(incidents|webhooks),.*/, '$1'));
  expectSame('the alarms', [...new Set(named)].toSorted(), [
    'incidentchanges,feed|0000000000000001',
    'incidentchanges,feed|0000000000000003',
    'incidentchanges,feed|head',
    'incidents',
    'webhooks',
  ]);
  const { body } = await broker.call('GET', '/health');
  const keys = body.checks.integrity.rows.map(({ key }: { key: string }) => key);
  expectSame('the rows in the health check', keys.includes('feed|0000000000000001'), true);
  const removed = await broker.call('POST', '/integrity/accept', { all: true, discard: true });
  expectSame(
    'what is left after an operator removed it',
    removed.body.findings.map(toFindingText),
    ['incidents too_large'],
  );
}
