import type { AuditEvent } from '../audit-event.ts';
import { FIRST_PREVIOUS_HASH, hashEvent } from './event-json.ts';

/** A place in the chain: the number and the hash of an event. */
export interface ChainPlace {
  readonly sequence: number;
  readonly hash: string;
}

/**
 * What is wrong with a chain. `changed`: an event's content does not have its hash; `gap`: events
 * are missing; `broken`: an event does not follow the one before; `cut`: it ends before its head or
 * goes on behind it; `head`: the last event is not the head's.
 */
export interface ChainProblem {
  readonly problem: 'changed' | 'gap' | 'broken' | 'cut' | 'head';
  /** The number of the first event that is concerned. */
  readonly sequence: number;
}

/** Follows a chain event by event. */
export interface ChainWalk {
  /** The first problem; `undefined`: so far the chain holds. */
  readonly problem: ChainProblem | undefined;
  /** How many events followed. */
  readonly count: number;
  /** The last event that followed. */
  readonly last: ChainPlace;
  /** Takes the next event, in order. */
  take(event: AuditEvent): void;
  /** Ends at the head that the chain should have. */
  end(head: ChainPlace): ChainProblem | undefined;
}

/** Begins after a place: by default before the first event of a ledger. */
export function walkChain(
  after: ChainPlace = { sequence: 0, hash: FIRST_PREVIOUS_HASH },
): ChainWalk {
  let last = after;
  let count = 0;
  let problem: ChainProblem | undefined;
  return {
    get problem() {
      return problem;
    },
    get count() {
      return count;
    },
    get last() {
      return last;
    },
    take(event) {
      problem ??= findProblem(last, event);
      last = { sequence: event.sequence, hash: event.hash };
      count++;
    },
    end(head) {
      if (problem) return problem;
      if (last.sequence < head.sequence) return { problem: 'cut', sequence: last.sequence + 1 };
      return last.sequence === head.sequence && last.hash === head.hash
        ? undefined
        : { problem: 'head', sequence: head.sequence };
    },
  };
}

function findProblem(last: ChainPlace, event: AuditEvent): ChainProblem | undefined {
  const { sequence } = event;
  if (sequence !== last.sequence + 1) return { problem: 'gap', sequence: last.sequence + 1 };
  if (hashEvent(event) !== event.hash) return { problem: 'changed', sequence };
  return event.previousHash === last.hash ? undefined : { problem: 'broken', sequence };
}
