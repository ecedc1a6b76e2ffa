import { isDeepStrictEqual } from 'node:util';
import type { ApiAnswer } from '../sandbox/client.ts';

/**
 * A promise that did not hold; the message says in one sentence what was expected and what was
 * seen.
 */
export class DrillFailure extends Error {
  override readonly name = 'DrillFailure';
}

/** Throws unless a fact is as promised. */
export function expectSame(what: string, seen: unknown, expected: unknown): void {
  if (isDeepStrictEqual(seen, expected)) return;
  throw new DrillFailure(`Expected ${what} to be ${show(expected)}, saw ${show(seen)}.`);
}

/** Throws unless the broker answered this status and, where they are named, these fields. */
export function expectAnswer(
  what: string,
  { status, body }: ApiAnswer,
  expected: { readonly status: number; readonly [field: string]: unknown },
): void {
  const seen = Object.fromEntries(
    Object.keys(expected).map((field) => [field, field === 'status' ? status : body?.[field]]),
  );
  expectSame(`the answer to ${what}`, seen, expected);
}

/** Throws unless a number lies between two others. */
export function expectBetween(
  what: string,
  seen: number,
  [least, most]: readonly [number, number],
): void {
  if (seen >= least && seen <= most) return;
  throw new DrillFailure(`Expected ${what} to be from ${least} to ${most}, saw ${seen}.`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? String(value));
}
