import { verifyConsent } from './consent/verify-consent.ts';
import { dispatchHunts, HUNT_SCHEDULE, huntOne } from './hunts/run-hunts.ts';
import { syncIncidents, syncTenant } from './incidents/sync-incidents.ts';
import {
  DELIVERY_QUEUE,
  HUNT_QUEUE,
  REFRESH_QUEUE,
  SYNC_QUEUE,
  VERIFICATION_QUEUE,
} from './queues.ts';
import type { Services } from './services.ts';
import { DISPATCH_SCHEDULE, deliverWebhooks, dispatchWebhooks } from './subscriptions/deliver.ts';
import { SWEEP_SCHEDULE, sweepExpired } from './sweep-expired.ts';
import { refreshBatch, refreshTokens } from './tokens/refresh-tokens.ts';

/** A function that a schedule starts. */
interface TimerTask {
  readonly id: string;
  /** NCRONTAB, or the name of a setting between per cent signs. */
  readonly schedule: string;
  readonly run: (services: Services) => Promise<void>;
}

/** A function that takes the messages of a queue. */
interface QueueTask {
  readonly id: string;
  readonly queueName: string;
  readonly take: (services: Services, message: unknown) => Promise<void>;
}

/** Every timer function. */
export const TIMERS: readonly TimerTask[] = [
  { id: 'refreshTokens', schedule: '%TOKEN_REFRESH_SCHEDULE%', run: refreshTokens },
  { id: 'syncIncidents', schedule: '%INCIDENT_SYNC_SCHEDULE%', run: syncIncidents },
  { id: 'dispatchWebhooks', schedule: DISPATCH_SCHEDULE, run: dispatchWebhooks },
  { id: 'dispatchHunts', schedule: HUNT_SCHEDULE, run: dispatchHunts },
  { id: 'sweepExpired', schedule: SWEEP_SCHEDULE, run: sweepExpired },
];

/** Every queue function. */
export const QUEUE_TASKS: readonly QueueTask[] = [
  { id: 'refreshBatch', queueName: REFRESH_QUEUE, take: refreshBatch },
  { id: 'verifyConsent', queueName: VERIFICATION_QUEUE, take: verifyConsent },
  { id: 'syncTenant', queueName: SYNC_QUEUE, take: syncTenant },
  { id: 'deliverWebhooks', queueName: DELIVERY_QUEUE, take: deliverWebhooks },
  { id: 'huntOne', queueName: HUNT_QUEUE, take: huntOne },
];
