import type { RefusedQuery } from '../../hunting/hunt.ts';
import type { ApiProblem } from '../../hunting/hunting-api.ts';

/** More than Microsoft's sentences have. */
const MAX_SENTENCE_CHARACTERS = 600;

/**
 * What an error message of `runHuntingQuery` with status 400 means. Microsoft documents no codes:
 * its sentences are all there is. "Handle advanced hunting errors" and public threads name these.
 */
export function toBadRequestProblem(message: string, retryAfterMs: number | undefined): ApiProblem {
  const refusal = toRefusal(message);
  if (/allowed result size|result (?:set )?(?:is|was) too large/i.test(message)) {
    return { kind: 'too_large' };
  }
  if (/preempt|low memory/i.test(message)) return { kind: 'preempted' };
  // A quota that is used up is a 400 as well as a 429.
  if (/exceeded the allowed limits|processing resources/i.test(message)) {
    return { kind: 'throttled', reason: 'cpu', retryAfterMs };
  }
  if (/timed? ?out|exceeded the (?:allowed )?(?:time|execution)/i.test(message)) {
    return { kind: 'timed_out' };
  }
  const table = findMissing(message, /table/i);
  if (table !== undefined) return { kind: 'missing_table', refusal, missing: table };
  const column = findMissing(message, /scalar|column/i);
  if (column !== undefined) return { kind: 'missing_column', refusal, missing: column };
  return { kind: 'refused', refusal, isSyntax: /syntax/i.test(message) };
}

const RESOLVE = /Failed to resolve ([a-z ]{1,60}?)\s*(?:named)?\s*'([^']{1,128})'/i;

/** The name that could not be resolved, where it is one of this kind. */
function findMissing(message: string, kind: RegExp): string | undefined {
  const [, what = '', name] = RESOLVE.exec(message) ?? [];
  return kind.test(what) ? name : undefined;
}

const POSITION = [
  /\[line:position=(\d{1,7}):(\d{1,7})\]/i,
  /line:? ?(\d{1,7}),? ?(?:position|column|character):? ?(\d{1,7})/i,
];

/** Microsoft's words about the caller's own query, with what could not be shown taken out. */
function toRefusal(message: string): RefusedQuery {
  const [, line, column] =
    POSITION.map((pattern) => pattern.exec(message)).find((match) => match !== null) ?? [];
  return {
    sentence: message
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be shown.
      .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
      .trim()
      .slice(0, MAX_SENTENCE_CHARACTERS),
    line: line === undefined ? undefined : Number(line),
    column: column === undefined ? undefined : Number(column),
  };
}

/** What is used up, by the message of a 429: "the reason" stands in the body, in words. */
export function toThrottleReason(message: string): 'calls' | 'cpu' {
  return /cpu|processing|resource|execution time|running time/i.test(message) ? 'cpu' : 'calls';
}
