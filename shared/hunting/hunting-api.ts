import type { Column, RefusedQuery } from './hunt.ts';
import type { ThrottleReason } from './quota.ts';

/** One query at one tenant. */
export interface QueryRequest {
  readonly accessToken: string;
  readonly query: string;
  /** ISO 8601; `undefined`: as far as Microsoft looks back. */
  readonly timespan: string | undefined;
  /** Ends the call early. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes a row: the text of its JSON object without line breaks. `false`: no more rows are wanted.
 * Rows come one after the other.
 */
export type TakeRow = (row: string) => boolean | Promise<boolean>;

/** What was answered besides the rows. */
export interface QueryAnswer {
  readonly columns: readonly Column[];
}

/**
 * Asks `runHuntingQuery`; rejects with a HuntingApiError, after which the rows that were taken
 * don't count.
 */
export type RunHuntingQuery = (request: QueryRequest, takeRow: TakeRow) => Promise<QueryAnswer>;

/** Why a query was not answered. */
export type ApiProblem =
  | { readonly kind: 'refused'; readonly refusal: RefusedQuery; readonly isSyntax: boolean }
  | { readonly kind: 'missing_column'; readonly refusal: RefusedQuery; readonly missing: string }
  | { readonly kind: 'missing_table'; readonly refusal: RefusedQuery; readonly missing: string }
  | {
      readonly kind: 'throttled';
      readonly reason: ThrottleReason;
      readonly retryAfterMs: number | undefined;
    }
  | {
      readonly kind:
        | 'too_large'
        | 'preempted'
        | 'timed_out'
        | 'too_long'
        | 'unavailable'
        | 'malformed'
        | 'unauthorized'
        | 'forbidden'
        | 'aborted';
    };

/** A query that was not answered, or not as documented. */
export class HuntingApiError extends Error {
  override readonly name = 'HuntingApiError';
  readonly problem: ApiProblem;

  constructor(problem: ApiProblem, cause?: unknown) {
    super(problem.kind, { cause });
    this.problem = problem;
  }
}
