import type { Config } from '../../shared/config.ts';
import { isLoopback } from '../../shared/config-reader.ts';
import type { IncidentAccess } from '../../shared/incidents/incident-access.ts';
import type { GetRetentionMs } from '../../shared/retention/retention.ts';
import { createWebhookSweep } from '../../shared/retention/sweep-webhooks.ts';
import { createSubscriptionAdministration } from '../../shared/webhooks/administration/administration.ts';
import { createDeliverWebhooks } from '../../shared/webhooks/delivery/deliver.ts';
import { createDispatchWebhooks } from '../../shared/webhooks/delivery/dispatch.ts';
import { createSubscriptionOwners } from '../../shared/webhooks/subscription-owners.ts';
import { createLookUp } from '../../shared/webhooks/target/look-up.ts';
import { createResolve } from '../../shared/webhooks/target/resolve.ts';
import { createSendWebhook } from '../../shared/webhooks/target/send-webhook.ts';
import { createTargetSeal } from '../../shared/webhooks/target/target-seal.ts';
import { createCheckTargetUrl } from '../../shared/webhooks/target/target-url.ts';
import { toChangeJson } from '../incidents/list-changes.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import { SLOT_SIZES } from './slot-sizes.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires subscriptions: what callers do with them, the timer's run, the delivery. */
export function composeWebhooks(
  { publicBaseUrl, portalUrl }: Config,
  parts: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    observer: Observer;
    access: IncidentAccess;
    getRetentionMs: GetRetentionMs;
  },
) {
  const { storage, observer, access } = parts;
  const { subscriptions, outbox, changeFeed, enqueueDelivery } = storage;
  const { log, metrics } = observer;
  const resolve = createResolve(createLookUp());
  // A broker that is itself on loopback is a sandbox, and so are its receivers.
  const allowLoopback = isLoopback(publicBaseUrl);
  const send = createSendWebhook({ resolve, allowLoopback });
  const seal = createTargetSeal(parts.entra);
  const { watch, grants } = parts.tokens;
  const owners = createSubscriptionOwners({ epoch: watch, grants, now });
  const common = { subscriptions, owners, outbox, changeFeed, access, seal, send, log, now };
  const enqueue = enqueueDelivery;
  const { createSlots, callOutside } = observer.slotControl;
  const slots = createSlots(SLOT_SIZES.webhooks);
  const deliver = createDeliverWebhooks({
    ...{ ...common, enqueue, metrics },
    send: (request) => callOutside(() => send(request)),
    toChangeJson: (change) => toChangeJson(change, portalUrl),
  });
  const checkUrl = createCheckTargetUrl({ resolve, allowLoopback });
  return {
    services: {
      subscriptions: createSubscriptionAdministration({ ...common, enqueue, checkUrl }),
      dispatchWebhooks: createDispatchWebhooks({ ...common, enqueue }),
      deliverWebhooks: (subscriptionId: string) =>
        slots.run(
          () => deliver(subscriptionId),
          () => enqueue(subscriptionId, 0),
        ),
    },
    sweep: createWebhookSweep({ ...common, ...parts }),
  };
}
