/**
 * A step that did not hold, or a sandbox that can't be reached; the message is all that people
 * need, and no secret.
 */
export class DemoError extends Error {
  override readonly name = 'DemoError';
}

/** Throws unless a fact is as the story says. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  if (actual === expected) return;
  throw new DemoError(`Expected ${what}: ${String(expected)}\nGot: ${String(actual)}`);
}
