import type { Failure } from './failure.ts';
import type { TokenKey } from './token-record.ts';

/** What became of a request to Entra, for the tenant's record; must not reject. */
export type ReportTokenOutcome = (key: TokenKey, outcome: TokenOutcome) => Promise<void>;

/** A token was issued with these roles, or a failure happened `count` times in a row. */
export type TokenOutcome =
  | { readonly issued: true; readonly roles: readonly string[] }
  | { readonly failure: Failure; readonly count: number };
