import type { Broker } from '../broker.ts';
import { type DrillEnvironment, MINUTE } from '../environment.ts';
import { expectSame } from '../expect.ts';
import type { Intruder } from './intruder.ts';

const DAY = 24 * 60 * MINUTE;

/** A message that is moved to other queues, and one that is sent again after a day. */
export async function moveMessages(
  environment: DrillEnvironment,
  broker: Broker,
  intruder: Intruder,
) {
  await broker.runTimer('syncIncidents');
  const message = await intruder.peekMessage('incident-sync');
  for (const queue of ['consent-verification', 'token-refresh', 'webhook-delivery']) {
    await intruder.sendMessage(queue, message);
  }
  await broker.drain();
  await environment.pass(MINUTE);
  const moved = Array(3).fill('queues other_queue');
  await expectNamed(broker, ['incidents too_large', ...moved]);
  await environment.pass(DAY);
  await intruder.sendMessage('incident-sync', message);
  await broker.drain();
  const lost = broker.events('queue.message_lost').map(({ queue, reason }) => [queue, reason]);
  expectSame('the messages that ran nothing', lost.map(String).toSorted(), [
    'consent-verification,other_queue',
    'incident-sync,expired',
    'token-refresh,other_queue',
    'webhook-delivery,other_queue',
  ]);
  // Another process, with a token of today: it never saw the messages.
  await expectNamed(await environment.startBroker(), ['queues expired']);
}

/** What was refused is in the health check for an hour, or until an operator accepts it. */
async function expectNamed(broker: Broker, expected: readonly string[]) {
  const { body } = await broker.call('GET', '/health');
  const { rows } = body.checks.integrity;
  expectSame('what was refused in the health check', rows.map(toFindingText).toSorted(), expected);
  const names = rows.map(({ table, key }: Finding) => ({ table, key }));
  const accepted = await broker.call('POST', '/integrity/accept', { rows: names });
  expectSame('what is left after an operator accepted it', accepted.body.findings, []);
}

interface Finding {
  readonly table: string;
  readonly key: string;
  readonly problem: string;
}

/** A finding as drills compare it. */
export function toFindingText({ table, problem }: Finding): string {
  return `${table} ${problem}`;
}
