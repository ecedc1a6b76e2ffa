import type { Hunt } from '../../../../shared/hunting/hunt.ts';
import { MINUTE } from '../../../support/clock.ts';
import type { HuntEnvironment } from './hunt-environment.ts';

/** Takes the oldest message that is visible. */
export function take({ queue, clock }: HuntEnvironment) {
  const index = queue.findIndex(({ at }) => at <= clock.now());
  return index === -1 ? undefined : queue.splice(index, 1)[0];
}

/** Minutes until every run of a hunt must have ended, come what may. */
const MAX_MINUTES = 600;

/** Lets the queue and the timer work until a hunt has ended. */
export async function settle(environment: HuntEnvironment, { id }: Hunt): Promise<void> {
  const process = environment.createProcess();
  for (let minute = 0; minute < MAX_MINUTES; minute++) {
    for (let message = take(environment); message; message = take(environment)) {
      await process.runHunt(message.key);
    }
    if ((await environment.hunts.findProgress(id))?.value.finishedAt !== undefined) return;
    environment.clock.pass(MINUTE);
    await process.dispatch();
  }
  throw new Error('The hunt does not end.');
}

/** Delivers what is visible, until nothing is. */
export async function deliverAll(environment: HuntEnvironment): Promise<void> {
  const process = environment.createProcess();
  for (let message = take(environment); message; message = take(environment)) {
    await process.runHunt(message.key);
  }
}
