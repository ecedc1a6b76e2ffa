import { BrokerError } from '../errors.ts';

/**
 * Runs work once more after a short wait when only one customer or client is held back; rejects as
 * the work does.
 */
export type WithPatience = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * OAuth clients that are told to wait stop asking for a minute. Waiting for them through the first
 * pause after a refusal of Entra (`entra.throttled`) spares them that. A longer pause is not waited
 * for, whatever the schedule says: the request is held open meanwhile.
 */
const MAX_WAIT_SECONDS = 5;

/** A wait holds a request open: beyond this many, clients are told at once. */
const MAX_WAITING = 100;

/** Creates the patience of one process. */
export function createPatience(sleep: (milliseconds: number) => Promise<void>): WithPatience {
  let waiting = 0;
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      const seconds = findShortWait(error);
      if (seconds === undefined || waiting >= MAX_WAITING) throw error;
      waiting++;
      await sleep(seconds * 1000).finally(() => {
        waiting--;
      });
      return await work();
    }
  };
}

function findShortWait(error: unknown): number | undefined {
  if (!(error instanceof BrokerError) || error.code !== 'temporarily_unavailable') return undefined;
  const { isLocal, owner, retryAfterSeconds } = error.details;
  // The broker does not wait for a caller that guesses secrets.
  if (!isLocal || owner === 'caller' || retryAfterSeconds === undefined) return undefined;
  return retryAfterSeconds <= MAX_WAIT_SECONDS ? retryAfterSeconds : undefined;
}
