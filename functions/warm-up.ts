/**
 * Fetches what every first request waits for; never rejects: whoever needs it finds out what is
 * wrong.
 */
export type WarmUp = () => Promise<void>;

/** Creates the function over what is loaded, all at the same time. */
export function createWarmUp(loads: readonly (() => Promise<unknown> | undefined)[]): WarmUp {
  return async () => {
    await Promise.allSettled(loads.map(async (load) => await load()));
  };
}
