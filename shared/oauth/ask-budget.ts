import { createBoundedMap } from '../bounded-map.ts';
import { MINUTE } from '../time.ts';

/**
 * How often Entra is asked about the secrets of one client. Guesses must not wear Entra out, and
 * must not keep the client itself from working. An address gets two tries a minute, addresses that
 * never had the right secret get four together, and the fifth is for addresses that had it.
 * Example: an attacker at two addresses uses up four; the tool at its own address is still
 * verified.
 */
export interface AskBudget {
  /** Takes a try; answers 0, or the milliseconds until there is one. */
  take(clientId: string, address: string): number;
  /** The client has shown the right secret from there. */
  noteAccepted(clientId: string, address: string): void;
}

const WINDOW_MS = MINUTE;
const MAX_PER_CLIENT = 5;
const MAX_OF_STRANGERS = 4;
const MAX_PER_STRANGER = 2;

/** More addresses than tools have. */
const MAX_ADDRESSES = 10_000;

interface Try {
  readonly at: number;
  readonly address: string;
  readonly isKnown: boolean;
}

/** Creates the budget of one process. */
export function createAskBudget(now: () => number): AskBudget {
  const tries = createBoundedMap<readonly Try[]>();
  const known = createBoundedMap<true>(MAX_ADDRESSES);

  return {
    take(clientId, address) {
      const at = now();
      const recent = (tries.get(clientId) ?? []).filter((one) => at - one.at < WINDOW_MS);
      const isKnown = known.get(`${clientId}|${address}`) ?? false;
      const wait = isKnown
        ? toWait(recent, MAX_PER_CLIENT, at)
        : toStrangersWait(recent, address, at);
      tries.set(clientId, wait > 0 ? recent : [...recent, { at, address, isKnown }]);
      return wait;
    },
    noteAccepted: (clientId, address) => known.set(`${clientId}|${address}`, true),
  };
}

function toStrangersWait(recent: readonly Try[], address: string, at: number): number {
  const strangers = recent.filter(({ isKnown }) => !isKnown);
  const own = strangers.filter((one) => one.address === address);
  return Math.max(
    toWait(own, MAX_PER_STRANGER, at),
    toWait(strangers, MAX_OF_STRANGERS, at),
    toWait(recent, MAX_PER_CLIENT, at),
  );
}

/** Until so many of the tries, oldest first, have left the window that there is room for one. */
function toWait(recent: readonly Try[], limit: number, at: number): number {
  const oldest = recent[recent.length - limit];
  return oldest ? oldest.at + WINDOW_MS - at : 0;
}
