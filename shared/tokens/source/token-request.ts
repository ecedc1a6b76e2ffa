import type { RequiredRoles } from '../../config.ts';
import type { Stored } from '../../store.ts';
import type { BrokeredToken, Need } from '../brokered-token.ts';
import type { MatchToken } from '../claims/match-token.ts';
import type { TokenSeal } from '../sealed-token.ts';
import type { IssueToken } from '../token-issuer.ts';
import type { ReportTokenOutcome } from '../token-outcome.ts';
import type { TokenKey, TokenRecord, TokenStore } from '../token-record.ts';
import type { Leases } from './lease.ts';

/** What a token source is made of. */
export interface TokenSourceParts {
  readonly tokens: TokenStore;
  readonly leases: Leases;
  readonly seal: TokenSeal;
  readonly issueToken: IssueToken;
  /** What was stored is compared again: a row may come from a version that compared less. */
  readonly matchToken: MatchToken;
  readonly requiredRoles: RequiredRoles;
  readonly report: ReportTokenOutcome;
  readonly now: () => number;
}

/** A wanted key, until when. */
export interface KeyRequest {
  readonly parts: TokenSourceParts;
  readonly key: TokenKey;
  readonly need: Need;
  /** When waiting for another process ends, in epoch milliseconds. */
  readonly deadline: number;
}

/** A request with what the table holds for it. */
export interface RequestState extends KeyRequest {
  readonly stored: Stored<TokenRecord> | undefined;
  readonly token: BrokeredToken | undefined;
}
