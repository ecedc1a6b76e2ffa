import type { Caller } from '../../callers/caller.ts';
import { createGate } from '../../concurrency.ts';
import { type BrokerError, toBusyError } from '../../errors.ts';
import { assertKept } from '../delivery/outbox.ts';
import type { Subscription } from '../subscription.ts';
import type { SendOutcome } from '../target/send-webhook.ts';
import {
  type AdministrationParts,
  findSubscription,
  type OpenSubscription,
} from './administration-parts.ts';
import {
  changeSubscription,
  resumeSubscription,
  rotateSecret,
  type SubscriptionPatch,
} from './change-subscription.ts';
import { createSubscription, type SubscriptionInput } from './create-subscription.ts';
import { testSubscription } from './test-subscription.ts';

/**
 * What callers do with their subscriptions; another one's is `subscription_not_found`, like one
 * that is not there.
 */
export interface SubscriptionAdministration {
  create(caller: Caller, input: SubscriptionInput): Promise<OpenSubscription>;
  /** A caller that manages the policy sees all. */
  list(caller: Caller): Promise<readonly OpenSubscription[]>;
  get(caller: Caller, id: string): Promise<OpenSubscription>;
  patch(caller: Caller, id: string, patch: SubscriptionPatch): Promise<OpenSubscription>;
  /** A caller that manages the policy may remove all. */
  remove(caller: Caller, id: string): Promise<void>;
  /** Goes back to a number of the last 30 days. */
  replay(caller: Caller, id: string, from: number): Promise<OpenSubscription>;
  /** A new secret; the one before signs too for a day. */
  rotate(caller: Caller, id: string): Promise<OpenSubscription>;
  /** Sends a notification without number now, and changes nothing. */
  test(caller: Caller, id: string): Promise<SendOutcome>;
}

/**
 * A quarter of the requests that an instance takes at once, so that no token request waits for slow
 * receivers and name servers.
 */
const MAX_CONCURRENT_REQUESTS = 4;

/** Creates the administration. */
export function createSubscriptionAdministration(
  ports: AdministrationParts,
): SubscriptionAdministration {
  const parts = withGate(ports);
  const { subscriptions, seal, outbox } = parts;
  const open = async (subscription: Subscription): Promise<OpenSubscription> => {
    const target = await seal.open(subscription, subscription.sealed);
    return { subscription, target };
  };
  return {
    create: (caller, input) => createSubscription(parts, caller, input),
    async list(caller) {
      const all = await subscriptions.list(managesPolicy(caller) ? undefined : caller.id);
      return await Promise.all(all.map(open));
    },
    get: async (caller, id) => await open(await findSubscription(parts, id, toMayAlso(caller))),
    patch: async (caller, id, input) =>
      await changeSubscription(parts, await findSubscription(parts, id, toOwns(caller)), {
        ...input,
        caller,
      }),
    async remove(caller, id) {
      await findSubscription(parts, id, toMayAlso(caller));
      // What a run that is under way adds to the outbox is removed by the daily sweep.
      await subscriptions.remove(id);
      await outbox.remove(id);
    },
    async replay(caller, id, from) {
      await findSubscription(parts, id, toOwns(caller));
      await assertKept(outbox, id, from);
      return await open(await resumeSubscription(parts, id, { delivered: from - 1 }));
    },
    rotate: async (caller, id) =>
      await rotateSecret(parts, await findSubscription(parts, id, toOwns(caller))),
    test: async (caller, id) =>
      await testSubscription(parts, await findSubscription(parts, id, toOwns(caller))),
  };
}

function withGate(parts: AdministrationParts): AdministrationParts {
  const pass = createGate(MAX_CONCURRENT_REQUESTS, toManyTriesError);
  return {
    ...parts,
    checkUrl: (url) => pass(() => parts.checkUrl(url)),
    send: (message) => pass(() => parts.send(message)),
  };
}

function toManyTriesError(): BrokerError {
  return toBusyError('Other receivers are being tried at the moment.', {
    remedy: 'Try again; one after the other, if these are yours.',
    retryAfterSeconds: 5,
  });
}

function managesPolicy({ roles }: Caller): boolean {
  return roles.includes('Policy.Manage');
}

function toOwns(caller: Caller): (subscription: Subscription) => boolean {
  return ({ callerId }) => callerId === caller.id;
}

function toMayAlso(caller: Caller): (subscription: Subscription) => boolean {
  return managesPolicy(caller) ? () => true : toOwns(caller);
}
