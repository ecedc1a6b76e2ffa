import * as v from 'valibot';
import type { RefusalProblem } from './authority/refusal.ts';
import type { Refusals } from './authority/refusals.ts';
import type { Seal, SealProblem } from './crypto/seal.ts';
import type { Log } from './log.ts';
import { DAY } from './time.ts';

/** A message as it lies in a queue. */
interface SealedMessage {
  /** Compact JWE. */
  readonly sealed: string;
}

/**
 * Encrypts queue messages: a waiting one can be neither found nor changed, so none may name a
 * tenant.
 */
interface MessageSeal {
  /**
   * A message opens in its queue only, for a day after its delay. Rejects when the key ring can't
   * be read.
   */
  seal(queue: string, message: unknown, delayMs?: number): Promise<SealedMessage>;
  /**
   * `undefined`: of another queue, too late, changed, or its key is lost; timers plan the work
   * anew. Throws for what is no message of ours.
   */
  open(queue: string, message: unknown): Promise<unknown>;
}

const messageSchema = v.object({ sealed: v.string() });

/** Work that waits longer than this was planned anew by its timer. */
const MAX_WAIT_MS = DAY;

/** Creates the seal of messages. */
export function createMessageSeal({
  seal,
  refusals,
  log,
  now,
}: {
  seal: Seal;
  refusals: Pick<Refusals, 'report'>;
  log: Log;
  now: () => number;
}): MessageSeal {
  return {
    async seal(queue, message, delayMs = 0) {
      const expiresAt = now() + delayMs + MAX_WAIT_MS;
      return {
        sealed: await seal.seal('queue message', message, { context: { queue }, expiresAt }),
      };
    },
    async open(queue, message) {
      const { sealed } = v.parse(messageSchema, message);
      const opened = await seal.open('queue message', sealed, { queue });
      if ('value' in opened) return opened.value;
      const problem = PROBLEMS[opened.problem];
      log.warn('queue.message_lost', { queue, reason: problem });
      refusals.report({ table: 'queues', key: `${queue}|${problem}`, problem });
      return undefined;
    },
  };
}

const PROBLEMS: Readonly<Record<SealProblem, RefusalProblem>> = {
  invalid: 'changed',
  key_lost: 'key_lost',
  other_context: 'other_queue',
  expired: 'expired',
};
