import type { Owner } from '../errors.ts';

/** Why nothing could be delivered: who has to act, and how. */
export const WEBHOOK_PROBLEMS = {
  unreachable: {
    owner: 'caller',
    description: 'The receiver could not be reached.',
    remedy: 'Check its name, its port and its certificate.',
  },
  timeout: {
    owner: 'caller',
    description: 'The receiver did not answer within 10 seconds.',
    remedy: 'Answer 2xx first and work afterwards.',
  },
  bad_status: {
    owner: 'caller',
    description: 'The receiver answered with something else than 2xx.',
    remedy: "Look into the receiver's log.",
  },
  redirected: {
    owner: 'caller',
    description: 'The receiver answered with a redirect, which is not followed.',
    remedy: 'Set the url that it leads to, if it is yours.',
  },
  gone: {
    owner: 'caller',
    description: 'The receiver answered 410: it wants no more.',
    remedy: 'Delete the subscription, or set its status to active.',
  },
  address_refused: {
    owner: 'caller',
    description: 'The host of the receiver has an address that is not public.',
    remedy: 'Use a host all of whose addresses are public.',
  },
  expired: {
    owner: 'caller',
    description: 'The caller made no request for 30 days.',
    remedy: 'Set the status of the subscription to active; any request renews it after that.',
  },
  owner_blocked: {
    owner: 'partner',
    description: 'An operator has blocked the caller, or its application.',
    remedy: 'Unblock it with PUT /api/callers/{client_id}, then have it set the status to active.',
  },
  owner_without_grant: {
    owner: 'partner',
    description: 'The caller has no grant of incidents any more.',
    remedy: 'Grant it with PUT /api/callers/{client_id}, then have it set the status to active.',
  },
  host_not_allowed: {
    owner: 'partner',
    description: "The host of the receiver is not in the caller's webhook_hosts.",
    remedy: 'Add it with PUT /api/callers/{client_id}, or have the caller set another url.',
  },
  key_lost: {
    owner: 'partner',
    description: 'The key that sealed url and secret is gone.',
    remedy: "Enable the key's version in Key Vault again, or make the subscription again.",
  },
} as const satisfies Record<string, { owner: Owner; description: string; remedy: string }>;

/** Why nothing could be delivered. */
export type WebhookProblem = keyof typeof WEBHOOK_PROBLEMS;

/** The names of the problems. */
export const WEBHOOK_PROBLEM_NAMES = Object.keys(WEBHOOK_PROBLEMS) as WebhookProblem[];
