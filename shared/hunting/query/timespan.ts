import { DAY } from '../../time.ts';
import type { TimeSpan } from '../kql/edit-query.ts';

/** What Microsoft Graph looks back when nothing is said. */
export const DEFAULT_LOOK_BACK_MS = 30 * DAY;

const DURATION =
  /^P(?=\d|T\d)(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,4})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,7})?)S)?)?$/;
const INSTANT = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * The span of an ISO 8601 time interval, as Microsoft Graph takes them: a duration that ends now,
 * start and end, start and duration, duration and end, or a start. `undefined`: it is none, or
 * holds no time.
 */
export function findTimeSpan(text: string, now: number): TimeSpan | undefined {
  const [first = '', second, ...rest] = text.split('/');
  if (rest.length > 0) return undefined;
  const span = second === undefined ? toOpenSpan(first, now) : toClosedSpan(first, second);
  return span && span.from < span.to && span.from >= 0 ? span : undefined;
}

function toOpenSpan(text: string, now: number): TimeSpan | undefined {
  const from = shift(now, text, -1) ?? findInstant(text);
  return from === undefined ? undefined : { from, to: now };
}

function toClosedSpan(first: string, second: string): TimeSpan | undefined {
  const [start, end] = [findInstant(first), findInstant(second)];
  const from = start ?? (end === undefined ? undefined : shift(end, first, -1));
  const to = end ?? (start === undefined ? undefined : shift(start, second, 1));
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** Years and months count by the calendar, in UTC. */
function shift(time: number, duration: string, sign: 1 | -1): number | undefined {
  const match = DURATION.exec(duration);
  if (!match) return undefined;
  const [years, months, weeks, days, hours, minutes, seconds] = match
    .slice(1)
    .map((part) => Number(part ?? 0) * sign) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const moved = new Date(time);
  const day = moved.getUTCDate();
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + years * 12 + months);
  // The 31st of a month of 30 days is its 30th.
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(day, last));
  const rest = ((weeks * 7 + days) * 24 + hours) * 3600 + minutes * 60 + seconds;
  const shifted = moved.getTime() + Math.round(rest * 1000);
  return Number.isNaN(shifted) ? undefined : shifted;
}

/** A date, or a date and a time; without a zone it is UTC. */
function findInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const hasZone = !text.includes('T') || /(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const time = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(time) || isOverflow(text) ? undefined : time;
}

/** `Date.parse` takes the 31st of February for a day of March. */
function isOverflow(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number);
  return day > new Date(Date.UTC(year, month, 0)).getUTCDate();
}
