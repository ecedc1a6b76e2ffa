import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../../sandbox/customers.ts';
import type { DrillEnvironment } from '../environment.ts';
import { DrillFailure } from '../expect.ts';

const PAUSE = 20;
const MAX_WAIT_MS = 15_000;

/** Waits until a process is asking Entra for a customer's token for Graph. */
export async function untilHeld({ findRow }: DrillEnvironment, customer: Customer): Promise<void> {
  for (let waited = 0; waited < MAX_WAIT_MS; waited += PAUSE) {
    if ((await findRow(customer, 'graph'))?.lease) return;
    await sleep(PAUSE);
  }
  throw new DrillFailure('Expected a process to ask Entra for a token, saw none within 15 s.');
}
