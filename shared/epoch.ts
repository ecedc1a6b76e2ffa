import { isYounger } from './age.ts';
import { isIntegrityError } from './authority/integrity.ts';
import { BrokerError } from './errors.ts';
import { createSingleFlight } from './single-flight.ts';
import { MINUTE } from './time.ts';

/**
 * The one row that changes whenever a status, grant or key changed: what every process looks at.
 */
export interface EpochStore {
  /** A text that differs after each `advance`. */
  read(): Promise<string>;
  /** Makes every process forget what it cached before. */
  advance(): Promise<void>;
}

/** Keeps a process's caches no older than the last revocation. */
export interface EpochWatch {
  /**
   * `undefined`: checked recently, go on. A promise: await it. It rejects with
   * `temporarily_unavailable` when the row could not be read for so long that cached decisions can
   * no longer be trusted.
   */
  ensureCurrent(): Promise<void> | undefined;
  /** Whether `ensureCurrent` would let go on at once, at a time in epoch milliseconds. */
  isCurrent(at: number): boolean;
  /**
   * Moves the epoch on after a change was written: everywhere within seconds, in this process at
   * once.
   */
  advance(): Promise<void>;
  /**
   * Writes a change and makes it known like `advance`. A write that fails takes nothing away: what
   * this process remembers goes on serving everybody else. Storage may have taken the write all the
   * same, so the epoch moves on if it can.
   */
  publish<T>(write: () => Promise<T>): Promise<T>;
}

/** Within this time after a change every process has seen the epoch, and decides by it. */
export const EPOCH_SEEN_MS = 5000;

/** Revocations take effect everywhere within five seconds; one second is for the read. */
const CHECK_AGE = EPOCH_SEEN_MS - 1000;

/**
 * While storage can't be read nobody can revoke there either, so caches stay trusted for a while.
 */
const TRUST_AGE = 5 * MINUTE;

/**
 * An epoch with a second witness: it differs also when the ledger names a change. Who holds the
 * epoch's row back delays nothing then.
 */
export function witnessEpoch(
  epoch: EpochStore,
  ledger: { follow(): Promise<void>; readonly revision: number },
): EpochStore {
  return {
    ...epoch,
    async read() {
      const [value] = await Promise.all([epoch.read(), ledger.follow()]);
      const { revision } = ledger;
      return value === '' && revision === 0 ? '' : `${value}|${revision}`;
    },
  };
}

/** Watches the epoch and calls `forget` when it moved on. */
export function createEpochWatch({
  epoch,
  forget,
  now,
}: {
  epoch: EpochStore;
  forget: () => void;
  now: () => number;
}): EpochWatch {
  let seen: string | undefined;
  let triedAt = Number.NEGATIVE_INFINITY;
  let readAt = Number.NEGATIVE_INFINITY;
  const share = createSingleFlight<void>();

  const check = async () => {
    const startedAt = now();
    // The clock was set back: once it has caught up, what is old looks young again.
    if (startedAt < triedAt) forget();
    try {
      const current = await epoch.read();
      if (current !== seen) forget();
      seen = current;
      readAt = startedAt;
    } catch (error) {
      if (isIntegrityError(error)) throw error;
      if (startedAt - readAt > TRUST_AGE) throw toUnreadableError(error);
    } finally {
      triedAt = startedAt;
    }
  };

  const advance = async () => {
    try {
      await epoch.advance();
    } finally {
      forget();
    }
  };

  const isCurrent = (at: number) => at - readAt <= TRUST_AGE && isYounger(triedAt, CHECK_AGE, at);

  return {
    isCurrent,
    ensureCurrent: () => (isCurrent(now()) ? undefined : share('epoch', check)),
    advance,
    async publish(write) {
      const written = await write().catch(async (error: unknown) => {
        if (mayBeWritten(error)) await epoch.advance().then(forget, () => undefined);
        throw error;
      });
      await advance();
      return written;
    },
  };
}

/** A refusal of ours comes before the write; of everything else the outcome is unknown. */
function mayBeWritten(error: unknown): boolean {
  return !(error instanceof BrokerError) || error.code === 'temporarily_unavailable';
}

function toUnreadableError(cause: unknown): BrokerError {
  return new BrokerError('temporarily_unavailable', 'Table Storage does not answer.', {
    owner: 'partner',
    remedy: 'Check the storage account and the managed identity.',
    retryAfterSeconds: 5,
    cause,
  });
}
