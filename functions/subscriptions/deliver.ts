import * as v from 'valibot';
import type { Services } from '../services.ts';

/**
 * The longest that a change waits here: little beside the interval of the sync, and a reading of
 * one partition.
 */
export const DISPATCH_SCHEDULE = '*/30 * * * * *';

const messageSchema = v.object({ subscriptionId: v.pipe(v.string(), v.uuid()) });

/** Timer: finds the subscriptions that are due and puts a message for each into the queue. */
export const dispatchWebhooks = ({ dispatchWebhooks: dispatch }: Services) => dispatch();

/** Queue `webhook-delivery`: delivers what one subscription waits for. */
export const deliverWebhooks = async ({ deliverWebhooks: deliver }: Services, message: unknown) => {
  await deliver(v.parse(messageSchema, message).subscriptionId);
};
