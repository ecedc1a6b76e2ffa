/**
 * How often a property is tried: `count` times on a developer's machine; CI multiplies it by
 * `PROPERTY_FACTOR`.
 */
export function runs(count: number): number {
  return count * Number(process.env.PROPERTY_FACTOR ?? 1);
}
