import { setTimeout as sleep } from 'node:timers/promises';
import type { Customer } from '../../sandbox/customers.ts';
import type { Stage } from '../stage.ts';

/** Waits until a process is asking Entra for a customer's token for Graph. */
export async function untilHeld({ findRow }: Stage, customer: Customer): Promise<void> {
  while ((await findRow(customer, 'graph'))?.lease === undefined) await sleep(20);
}
