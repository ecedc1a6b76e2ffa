import { DAY, HOUR, MINUTE, SECOND } from '../time.ts';

/**
 * How long the broker waits before it tries again. The pauses come one after the other; the last
 * one then grows by the factor, up to the longest. Example: `[60 s, 15 min]`, factor 2, 6 h at most
 * gives 60 s, 15 min, 30 min, 1 h … 6 h. Milliseconds.
 */
export interface RetrySchedule {
  readonly pausesMs: readonly number[];
  readonly factor: number;
  readonly maxMs: number;
  /** The shortest pause after an answer that asks for a pause and does not say how long. */
  readonly unstatedMs?: number;
  /** `full`: a random part of each pause, so that those who collided do not collide again. */
  readonly jitter: 'none' | 'full';
  /** After so many tries in a row the work fails; without it, it is tried until it succeeds. */
  readonly maxTries?: number;
  /** After what the broker waits, and what waits; a line of docs/failures.md. */
  readonly usedFor: string;
}

/** Every wait between two tries of the broker. Change a back-off here, and nowhere else. */
export const RETRY_SCHEDULES = {
  // A 429 without Retry-After waits at least `unstatedMs`, with one at least what it says.
  'entra.throttled': {
    ...growing(5 * SECOND, 5 * MINUTE),
    unstatedMs: MINUTE,
    usedFor:
      'Entra answers 429; what it asks for counts, if that is longer: token requests for one tenant and API.',
  },
  'entra.transient': {
    ...growing(5 * SECOND, 5 * MINUTE),
    usedFor: 'Entra fails in a way that passes: token requests for one tenant and API.',
  },
  'entra.permanent': {
    ...steps([MINUTE, 15 * MINUTE], { factor: 2, maxMs: 6 * HOUR }),
    usedFor:
      'Somebody has to act first (a consent, a role): token requests for one tenant and API.',
  },
  'entra.client_refused': {
    ...fixed(30 * SECOND),
    usedFor: "Entra refuses the broker's own credential: all token requests of a process.",
  },
  'entra.version_refused': {
    ...fixed(10 * MINUTE),
    usedFor: 'Entra refuses one version of the credential: this version.',
  },
  'entra.keys': {
    ...fixed(10 * SECOND),
    usedFor: "Entra's signing keys can't be read: the next look at them.",
  },
  'vault.outage': {
    ...fixed(5 * SECOND),
    usedFor: "The credential can't be had: all token requests of a process.",
  },
  'vault.versions': {
    ...fixed(30 * SECOND),
    usedFor: 'Key Vault does not answer: the look for a newer version of the credential.',
  },
  verification: {
    ...growing(5 * SECOND, MINUTE),
    usedFor: 'A consent does not show in a token yet: the next proof, for 15 minutes.',
  },
  'verification.late': {
    ...fixed(15 * MINUTE),
    usedFor: 'Entra is still in the way after 15 minutes: the next proof.',
  },
  'sync.unavailable': {
    ...growing(30 * SECOND, HOUR),
    usedFor: 'The incident API fails, or its list moves: the sync of one tenant.',
  },
  'sync.throttled': {
    ...growing(MINUTE, HOUR),
    usedFor: "The incident API throttles, can't be read, or there is no token: one tenant's sync.",
  },
  'sync.too_large': {
    ...growing(5 * MINUTE, HOUR),
    usedFor: 'A page is too large in every way: the sync of one tenant.',
  },
  'sync.refused': {
    ...growing(15 * MINUTE, HOUR),
    usedFor: 'Somebody has to act first (a role, a licence): the sync of one tenant.',
  },
  'sync.crashed': {
    ...fixed(30 * SECOND),
    usedFor: 'The sync met an unexpected error: the next run of the tenant.',
  },
  'skipped.by_id': {
    ...growing(5 * MINUTE, DAY),
    usedFor: "An incident can't be read: the next fetch by its id.",
  },
  'skipped.by_list': {
    ...growing(DAY, 16 * DAY),
    usedFor: "A row without an id can't be read: the next reconciliation over its place.",
  },
  webhook: {
    ...steps(
      [10, 30, 60, 300, 900, 1800, 3600].map((seconds) => seconds * SECOND),
      { factor: 1, maxMs: HOUR },
    ),
    usedFor: 'A receiver does not take a notification: its subscription, for a day.',
  },
  'webhook.renewal': {
    ...fixed(5 * MINUTE),
    usedFor: "A caller's subscriptions can't be renewed: the next renewal.",
  },
  'hunt.failed': {
    ...steps(
      [5, 15, 45, 120, 300].map((seconds) => seconds * SECOND),
      { factor: 1, maxMs: 5 * MINUTE },
    ),
    usedFor: 'Microsoft does not answer a hunting query: one customer of a hunt.',
  },
  'hunt.throttled': {
    ...steps([SECOND], { factor: 1, maxMs: 30 * MINUTE }),
    unstatedMs: MINUTE,
    usedFor: 'Microsoft throttles hunting: all hunts at one customer.',
  },
  'hunt.crashed': {
    ...fixed(30 * SECOND),
    usedFor: 'A hunt met an unexpected error: one customer of the hunt.',
  },
  'proxy.throttled': {
    ...fixed(0),
    unstatedMs: 10 * SECOND,
    usedFor: 'An API throttles a proxied call: calls of the same path and tenant.',
  },
  'message.lost': {
    ...fixed(5 * MINUTE),
    usedFor: 'A tenant or hunt is due and nobody works on it: the next message of the timer.',
  },
  'race.storage': {
    ...growing(10, 400),
    jitter: 'full',
    maxTries: 30,
    usedFor: 'Another process moved the head of a log: the next try to append.',
  },
  'race.hunt': {
    ...growing(5, 200),
    jitter: 'full',
    maxTries: 40,
    usedFor: 'Another run wrote the progress of the hunt: the next try to write.',
  },
  'storage.request': {
    ...growing(100, SECOND),
    jitter: 'full',
    maxTries: 3,
    usedFor: 'Storage does not answer: the same request, by the SDK.',
  },
  'poll.lease': {
    ...steps([40], { factor: 1.5, maxMs: 400 }),
    usedFor: "Another process fetches the token: the next look at the token's row.",
  },
  'poll.feed': {
    ...fixed(SECOND),
    usedFor: 'A reader waits for a change: the next look at the feed.',
  },
} as const satisfies Readonly<Record<string, RetrySchedule>>;

/** The name of a schedule; each use of one says it. */
export type RetryScheduleName = keyof typeof RETRY_SCHEDULES;

/** The pauses in this order; then the last one, ever longer. */
function steps(
  pausesMs: readonly number[],
  { factor, maxMs }: { readonly factor: number; readonly maxMs: number },
) {
  return { pausesMs, factor, maxMs, jitter: 'none' } as const;
}

/** Twice as long each time. */
function growing(firstMs: number, maxMs: number) {
  return steps([firstMs], { factor: 2, maxMs });
}

/** Always the same. */
function fixed(pauseMs: number) {
  return steps([pauseMs], { factor: 1, maxMs: pauseMs });
}
