import { BrokerError } from '../errors.ts';

/** Memory set aside for one call. */
export interface Reservation {
  /** Sets aside more, at once or not at all; throws `temporarily_unavailable`. */
  grow(bytes: number): void;
  /** Gives all of it back. */
  release(): void;
}

/**
 * The memory that all calls under way may take together. A call waits for its first part, so that a
 * rush is answered in turn; it never waits while it has some, since two of them would wait for each
 * other.
 */
export interface ByteBudget {
  /** Rejects with `temporarily_unavailable` when there is no room within some seconds. */
  reserve(bytes: number): Promise<Reservation>;
}

/** What a call takes besides its bodies. */
const BASE_BYTES = 64 * 1024;

/**
 * The bytes of a body exist three times: as they came, as the library copies them, and as they are
 * sent.
 */
const COPIES = 3;

const MAX_WAIT_MS = 15_000;

/** A request that waits longer than this for a turn would not be served in time anyhow. */
const MAX_WAITING = 200;

interface Waiting {
  readonly bytes: number;
  readonly admit: () => void;
}

/** Creates the budget of one process. */
export function createByteBudget(capacity: number, maxWaitMs = MAX_WAIT_MS): ByteBudget {
  const waiting: Waiting[] = [];
  let used = 0;

  const fits = (bytes: number) => used + bytes <= capacity;

  const admitNext = () => {
    for (let next = waiting[0]; next && fits(next.bytes); next = waiting[0]) {
      waiting.shift();
      used += next.bytes;
      next.admit();
    }
  };

  const waitFor = (bytes: number) =>
    new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(toFullError());
      }, maxWaitMs);
      const entry = {
        bytes,
        admit: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      waiting.push(entry);
    });

  const take = async (bytes: number) => {
    if (waiting.length === 0 && fits(bytes)) used += bytes;
    else if (bytes > capacity || waiting.length >= MAX_WAITING) throw toFullError();
    else await waitFor(bytes);
  };

  return {
    async reserve(bytes) {
      let held = BASE_BYTES + bytes * COPIES;
      await take(held);
      return {
        grow(more) {
          if (!fits(more * COPIES)) throw toFullError();
          used += more * COPIES;
          held += more * COPIES;
        },
        release() {
          used -= held;
          held = 0;
          admitNext();
        },
      };
    },
  };
}

function toFullError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'Too many large answers are on their way.', {
    owner: 'caller',
    remedy: 'Try again after the time in Retry-After; ask for smaller pages ($top).',
    retryAfterSeconds: 2,
    isLocal: true,
  });
}
