import { toDelayMs } from '../../retry/delay.ts';
import { DAY } from '../../time.ts';
import type { SkippedRow, SkipReason } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import type { Walk } from '../walk/walk.ts';

/*
 * What could not be read is not lost: it is asked for again until it can be read.
 *
 * A row with an id is fetched by its id, after 5 min, 10 min, 20 min … then daily. A row without
 * one is met again by reading the list from where it stood: the daily reconciliation begins there,
 * after a day, two days … then every 16. It is settled when a walk that covers its place ends and
 * has not met it again.
 *
 * The newest 100 are remembered one by one. What is older is remembered as one entry, `rest`, with
 * the earliest place.
 */

/** A skipped row as a tenant's state remembers it. Epoch milliseconds. */
export interface SkippedIncident extends Omit<SkippedRow, 'updated'> {
  /** When it was met first. */
  readonly since: number;
  /** A walk that begins here meets it. */
  readonly from: Instant;
  /** `startedAt` of the walk that met it last. */
  readonly walkStartedAt: number;
  readonly tries: number;
  readonly retryAt: number;
}

/** What answers say of it. */
export interface SkippedSummary {
  readonly count: number;
  /** There are more than are remembered one by one. */
  readonly isMore: boolean;
  readonly newest:
    | {
        readonly incidentId: string | undefined;
        /** `unreadable`: what is stored does not hold what was written. */
        readonly reason: SkipReason | 'unreadable';
        readonly since: number;
      }
    | undefined;
}

/** As many as a property of the tenant's row holds. */
const MAX_SKIPPED_COUNT = 100;

/** Remarks are looked into within this time, or not at all. */
const MAX_REMARK_AGE_MS = 30 * DAY;

/** With these no incident is missing. */
const REMARKS: ReadonlySet<SkipReason> = new Set([
  'foreign_link',
  'redirect_missing',
  'raw_left_out',
]);

const REST = 'rest';

/** Whether an incident is missing because of it. */
export function isMissing({ reason }: Pick<SkippedRow, 'reason'>): boolean {
  return !REMARKS.has(reason);
}

/**
 * What is known after a page: rows that were read since are not missing any more; the newest come
 * first.
 */
export function recordSkipped(
  known: readonly SkippedIncident[],
  page: { readonly skipped: readonly SkippedRow[]; readonly read: readonly string[] },
  { walk, at }: { readonly walk: Walk; readonly at: number },
): readonly SkippedIncident[] {
  const read = new Set(page.read);
  const isRead = ({ incidentId, reason }: SkippedRow) =>
    incidentId !== undefined && read.has(incidentId) && reason !== 'raw_left_out';
  const kept = new Map(known.filter((one) => !isRead(one)).map((one) => [toKey(one), one]));
  for (const row of page.skipped.filter((one) => !isRead(one))) {
    kept.set(toKey(row), toMet(row, kept.get(toKey(row)), { walk, at }));
  }
  const fresh = [...kept.values()].filter(
    (one) => isMissing(one) || at - one.since < MAX_REMARK_AGE_MS,
  );
  return toBounded(fresh.toSorted((a, b) => b.since - a.since));
}

/**
 * What is still missing after a walk that was completed: rows without an id that it did not meet
 * again are not.
 */
export function settleSkipped(
  known: readonly SkippedIncident[],
  walk: Walk,
): readonly SkippedIncident[] {
  return known.filter(
    (one) =>
      one.incidentId !== undefined || one.from < walk.begin || one.walkStartedAt === walk.startedAt,
  );
}

/** The rows whose turn it is to be fetched by their ids, the longest due first. */
export function listRetries(
  known: readonly SkippedIncident[],
  now: number,
): readonly (SkippedIncident & { readonly incidentId: string })[] {
  return known
    .flatMap((one) => {
      const { incidentId } = one;
      return incidentId !== undefined && isMissing(one) && one.retryAt <= now
        ? [{ ...one, incidentId }]
        : [];
    })
    .toSorted((a, b) => a.retryAt - b.retryAt);
}

/** The entry after a fetch by its id that failed again. */
export function postpone(one: SkippedIncident, reason: SkipReason, now: number): SkippedIncident {
  const tries = one.tries + 1;
  return { ...one, reason, tries, retryAt: now + toDelayMs('skipped.by_id', tries + 1) };
}

/**
 * Where the list has to be read from to meet rows without an id whose turn it is; `undefined`:
 * there are none.
 */
export function findRereadFrom(
  known: readonly SkippedIncident[],
  now: number,
): Instant | undefined {
  const due = known.filter(
    (one) => one.incidentId === undefined && isMissing(one) && one.retryAt <= now,
  );
  return due.map(({ from }) => from).toSorted()[0];
}

/** How many incidents are missing, and the newest of them. */
export function summarizeSkipped(known: readonly SkippedIncident[]): SkippedSummary {
  const missing = known.filter(isMissing);
  const newest = missing.find(({ fingerprint }) => fingerprint !== REST) ?? missing[0];
  return {
    count: missing.length,
    isMore: missing.some(({ fingerprint }) => fingerprint === REST),
    newest: newest && pickNewest(newest),
  };
}

function pickNewest({ incidentId, reason, since }: SkippedIncident): SkippedSummary['newest'] {
  return { incidentId, reason, since };
}

function toMet(
  { updated, ...row }: SkippedRow,
  known: SkippedIncident | undefined,
  { walk, at }: { readonly walk: Walk; readonly at: number },
): SkippedIncident {
  // By an id it costs one request to try; reading a list anew costs many.
  const schedule = row.incidentId === undefined ? 'skipped.by_list' : 'skipped.by_id';
  const toRetryAt = (failures: number) => at + toDelayMs(schedule, failures);
  if (!known) {
    // A list that does not keep to its window must not move the place out of it.
    const from = updated !== undefined && updated >= walk.from ? updated : walk.from;
    return {
      ...row,
      since: at,
      from,
      walkStartedAt: walk.startedAt,
      tries: 0,
      retryAt: toRetryAt(1),
    };
  }
  const met = { ...known, reason: row.reason, walkStartedAt: walk.startedAt };
  if (row.incidentId !== undefined || known.retryAt > at) return met;
  const tries = known.tries + 1;
  return { ...met, tries, retryAt: toRetryAt(tries + 1) };
}

/** The newest, and the rest as one entry that any walk over its place settles. */
function toBounded(sorted: readonly SkippedIncident[]): readonly SkippedIncident[] {
  if (sorted.length <= MAX_SKIPPED_COUNT) return sorted;
  const kept = sorted
    .filter(({ fingerprint }) => fingerprint !== REST)
    .slice(0, MAX_SKIPPED_COUNT - 1);
  const cut = sorted.filter((one) => !kept.includes(one) && isMissing(one));
  const [first] = cut.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  if (!first) return kept;
  const retryAt = Math.min(...cut.map((one) => one.retryAt));
  const walkStartedAt = Math.max(...cut.map((one) => one.walkStartedAt));
  return [...kept, { ...first, incidentId: undefined, fingerprint: REST, walkStartedAt, retryAt }];
}

/** A row with an id is the same whatever is wrong with it; a remark is another matter. */
function toKey({ incidentId, reason, fingerprint }: SkippedRow): string {
  if (incidentId !== undefined && isMissing({ reason })) return incidentId;
  return `${reason} ${incidentId ?? fingerprint ?? ''}`;
}
