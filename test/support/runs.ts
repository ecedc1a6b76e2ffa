/** CI tries each property this many times as often as a developer's machine, and has the time. */
export const PROPERTY_FACTOR = Number(process.env.PROPERTY_FACTOR ?? 1);

/** How often a property is tried: `count` times, or `PROPERTY_FACTOR` as many. */
export function runs(count: number): number {
  return count * PROPERTY_FACTOR;
}
