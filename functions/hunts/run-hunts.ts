import * as v from 'valibot';
import type { Services } from '../services.ts';

/** Each minute, and not when the timers of everybody run. */
export const HUNT_SCHEDULE = '20 * * * * *';

const messageSchema = v.object({
  huntId: v.pipe(v.string(), v.uuid()),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** Timer: sends again what stands still, and lets customers be asked where there is room. */
export const dispatchHunts = async ({ loadHunting }: Services) => {
  const { dispatch } = await loadHunting();
  await dispatch();
};

/** Queue `hunt-tenants`: asks one customer of a hunt. */
export const huntOne = async ({ loadHunting }: Services, message: unknown) => {
  const { runHunt } = await loadHunting();
  await runHunt(v.parse(messageSchema, message));
};
