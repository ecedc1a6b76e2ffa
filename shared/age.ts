/**
 * Whether something is younger than an age, all in milliseconds. What comes from the future was
 * noted before the clock was set back: nobody knows how old it is.
 */
export function isYounger(since: number, age: number, now: number): boolean {
  return now >= since && now - since < age;
}
