import type { Caller } from '../../shared/callers/caller.ts';
import { BrokerError } from '../../shared/errors.ts';
import { findOpenHunts, type OpenHunt } from '../../shared/hunting/open-hunts.ts';
import { toHuntJson } from '../hunts/hunt-json.ts';
import type { Services } from '../services.ts';

/** Hunts are looked through from the newest on; what runs is among them. */
const MAX_HUNTS = 20;

/**
 * The caller's hunts that run or left customers out; `undefined`: it may not hunt. What can't be
 * read is said so, and the rest of the overview stays.
 */
export async function findHuntsJson(
  caller: Caller,
  { loadHunting }: Pick<Services, 'loadHunting'>,
) {
  if (!caller.roles.includes('Hunting.Run')) return undefined;
  try {
    const { hunts } = await loadHunting();
    const page = await hunts.list(caller, { limit: MAX_HUNTS });
    const open = findOpenHunts(page.hunts, Date.now());
    return { unreadable: false, value: open.map(toOpenHuntJson) };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    return { unreadable: true, value: [] };
  }
}

function toOpenHuntJson({ notCovered, isStalled, ...state }: OpenHunt) {
  return { ...toHuntJson(state), not_covered: notCovered, stalled: isStalled };
}
