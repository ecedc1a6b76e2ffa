/** A work that runs. */
export interface Occupant {
  /** Stops its call, when others need its place. */
  readonly stop: AbortController;
  /** How many of its calls are under way. */
  calls: number;
  /** When the first of them began, or the last one ended. */
  waitsSince: number;
}

/** Creates a work that calls nobody yet. */
export function createOccupant(): Occupant {
  return { stop: new AbortController(), calls: 0, waitsSince: 0 };
}

/** The work whose call has been without an answer for longest, of those that may be stopped. */
export function findLongest(occupants: ReadonlySet<Occupant>): Occupant | undefined {
  let longest: Occupant | undefined;
  for (const one of occupants) {
    if (one.calls === 0 || one.stop.signal.aborted) continue;
    if (!longest || one.waitsSince < longest.waitsSince) longest = one;
  }
  return longest;
}
