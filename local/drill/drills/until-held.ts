import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../../sandbox/customers.ts';
import { DrillFailure } from '../expect.ts';
import type { Stage } from '../stage.ts';

const PAUSE = 20;
const LONGEST_WAIT = 15_000;

/** Waits until a process is asking Entra for a customer's token for Graph. */
export async function untilHeld({ findRow }: Stage, customer: Customer): Promise<void> {
  for (let waited = 0; waited < LONGEST_WAIT; waited += PAUSE) {
    if ((await findRow(customer, 'graph'))?.lease) return;
    await sleep(PAUSE);
  }
  throw new DrillFailure('Expected a process to ask Entra for a token, saw none within 15 s.');
}
