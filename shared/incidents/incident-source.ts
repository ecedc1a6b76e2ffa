import type { IncidentSourceName } from '../resources/incident-sources.ts';
import type { FetchedIncident, IncidentKey } from './incident.ts';
import type { IncidentUpdate } from './incident-update.ts';
import type { Instant } from './instant.ts';

/**
 * An API that incidents are read from and changed in, behind one port. Every function rejects with
 * a SourceError, or with why there is no token; none tries again. `unauthorized` is a token that
 * the API does not take.
 */
export interface IncidentSource {
  readonly name: IncidentSourceName;
  /** The most incidents that one page may hold. */
  readonly pageSize: number;
  /** One page, in an order that means nothing. */
  list(tenantId: string, query: PageQuery): Promise<IncidentPage>;
  /** `undefined`: the tenant has no such incident. */
  get(
    key: IncidentKey,
    options: { readonly alerts: boolean },
  ): Promise<FetchedIncident | undefined>;
  /**
   * Answers the incident as it is afterwards; `undefined`: the tenant has no such incident. After a
   * rejection fields may be changed, but the comment was not made or its answer was lost: asking
   * again is safe.
   */
  update(key: IncidentKey, update: IncidentUpdate): Promise<FetchedIncident | undefined>;
}

/** Which page is wanted. */
export interface PageQuery {
  /** Incidents whose last update is at or after this instant … */
  readonly from: Instant;
  /** … and before this one, if given. */
  readonly to?: Instant | undefined;
  /** … and only those that were created, or updated, at or before an instant, if given. */
  readonly below?: { readonly by: ListOrder; readonly at: Instant } | undefined;
  readonly top: number;
  readonly skip: number;
  /** The `nextLink` of the page before: it takes the place of everything else. */
  readonly link?: string | undefined;
}

/** A page as it was read. */
export interface IncidentPage {
  readonly incidents: readonly FetchedIncident[];
  /** All rows in the order of the page, those skipped included. */
  readonly rows: readonly PageRow[];
  readonly skipped: readonly SkippedRow[];
  /** Where the API says it goes on, if that is its own address; it may lead in a circle. */
  readonly nextLink: string | undefined;
  /** The API says that something is missing (206). */
  readonly isPartial: boolean;
}

/**
 * What a list may be ordered by, the newest first: when its incidents were created, or when last
 * updated.
 */
export const LIST_ORDERS = ['created', 'updated'] as const;

/** By what the rows of a list go down. */
export type ListOrder = (typeof LIST_ORDERS)[number];

/** What tells where in the list a page stands; times only where they could be read. */
export interface PageRow extends Readonly<Partial<Record<ListOrder, Instant | undefined>>> {
  /** `''` where there was none to read. */
  readonly id: string;
}

/** A row that is not, or not whole, in the store, and why; it never stops the rest. */
export interface SkippedRow {
  /** `undefined`: not even that could be read. */
  readonly incidentId: string | undefined;
  readonly reason: SkipReason;
  /**
   * Where it is without an id: what tells it from others, and when it was last updated, if that
   * could be read.
   */
  readonly fingerprint?: string | undefined;
  readonly updated?: Instant | undefined;
}

/**
 * `malformed`: a row without a usable id or time of its last update. `wrong_tenant`: it says that
 * it is another tenant's. `too_large`: a single incident that is larger than the broker reads.
 * `unreachable`: an instant with more than the API lets be read, or with something that no page can
 * be read with. With the others no incident is missing: `foreign_link` leads to somewhere else and
 * is not followed, `redirect_missing` is the target of a merge that Microsoft does not have, and
 * with `raw_left_out` the incident is kept without its JSON, which is over 5 MiB or nested too
 * deeply.
 */
export const SKIP_REASONS = [
  'malformed',
  'wrong_tenant',
  'too_large',
  'unreachable',
  'foreign_link',
  'redirect_missing',
  'raw_left_out',
] as const;

/** Why a row is not, or not whole, in the store. */
export type SkipReason = (typeof SKIP_REASONS)[number];

/** What may go wrong between us and the API. */
export type SourceProblem =
  | 'throttled'
  | 'unavailable'
  | 'malformed'
  | 'too_large'
  | 'unauthorized'
  | 'forbidden'
  | 'licence_missing'
  | 'refused'
  | 'foreign_link';

/**
 * A request that brought nothing. `forbidden`: the token lacks the app role; `licence_missing`: it
 * has it. `refused`: 400, as for a `$skip` that is too far.
 */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly problem: SourceProblem;
  /** When the API said so, milliseconds until it may be asked again. */
  readonly retryAfterMs: number | undefined;

  constructor(
    problem: SourceProblem,
    options: { retryAfterMs?: number | undefined; cause?: unknown } = {},
  ) {
    super(`The incidents could not be read: ${problem}.`, { cause: options.cause });
    this.problem = problem;
    this.retryAfterMs = options.retryAfterMs;
  }
}
