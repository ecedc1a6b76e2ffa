import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import { beginBelow } from './list-order.ts';
import {
  type CountingScan,
  isUntouched,
  type OrderedScan,
  type ProbingScan,
  type Scan,
  type UnorderedScan,
  type WindowStep,
} from './scan.ts';

/** A part of the time that a walk reads. */
interface Window {
  readonly from: Instant;
  readonly to: Instant | undefined;
}

/** The walk from the beginning of a window, in no order: rows that come twice cost nothing. */
export function restart(scan: Scan, { from, to }: Window = scan): UnorderedScan {
  return { state: 'unordered', ...toUnread(scan, { from, to }), tail: [], shared: 0 };
}

function toUnread({ kind, source, startedAt, begin, top }: Scan, window: Window) {
  return { kind, source, startedAt, begin, ...window, skip: 0, top, gone: [], tooLarge: 0 };
}

/**
 * The walk from where it is, without a long `$skip`; `undefined`: since it began there, nothing
 * older was read.
 */
export function continueBelow(scan: OrderedScan): OrderedScan | undefined {
  const order = beginBelow(scan.order);
  return order && { ...restart(scan), state: 'ordered', order };
}

/**
 * The walk in a way that asks for less at a time; `undefined`: of a single instant there is no
 * less.
 */
export function shrinkWalk(scan: Scan): Scan | undefined {
  // Where a link leads is not known by its times.
  const below = scan.state === 'ordered' ? continueBelow(scan) : undefined;
  return below ?? bisect(scan);
}

/** The half of a window that can't be walked to its end; `undefined`: it is a single instant. */
export function bisect(scan: Scan): UnorderedScan | ProbingScan | undefined {
  const begin = toTime(scan.from);
  const end = scan.to === undefined ? scan.startedAt : toTime(scan.to);
  const half = Math.floor((end - begin) / 2);
  if (half < 1) return undefined;
  const window = { from: scan.from, to: shift(scan.from, half) };
  // Nothing of it was read yet, so what is suspected stays suspected.
  return scan.state === 'probing' ? probe(scan, window, scan.suspect) : restart(scan, window);
}

/** The step over a single instant that holds more than can be read. */
export function stepOverInstant(scan: Scan): WindowStep {
  const step = toNextWindow({ ...scan, to: scan.to ?? shift(scan.from, 1) });
  if (scan.state !== 'probing' || 'done' in step) return step;
  return { next: probe(scan, step.next, scan.suspect) };
}

/** A walk that has not come far begins anew, with the newest in view; else it goes on. */
export function resumeOrReplan(scan: Scan): Scan | undefined {
  return isUntouched(scan) ? undefined : scan;
}

/**
 * What fails again and again is cut smaller, so that one page does not hold up all others. An
 * instant that can't be cut is stepped over: whether it is given up, the window behind it shows.
 */
export function shrinkOrProbe(scan: Scan): Scan | undefined {
  return shrinkWalk(scan) ?? skipSuspectInstant(scan);
}

/** The walk behind an instant that can't be read; `undefined`: nothing is behind it yet. */
function skipSuspectInstant(scan: Scan): ProbingScan | undefined {
  const step = stepOverInstant(scan);
  return 'next' in step ? probe(scan, step.next, scan.from) : undefined;
}

/** The walk back at the instant that was stepped over. */
export function revisitSuspectInstant(scan: ProbingScan): UnorderedScan {
  return restart(scan, { from: scan.suspect, to: scan.from });
}

/** A window behind an instant that could not be read. */
function probe(scan: Scan, { from, to }: Window, suspect: Instant): ProbingScan {
  return { state: 'probing', ...toUnread(scan, { from, to }), suspect };
}

/** The walk when the first page behind a suspected instant was read. */
export function confirmProbe({ suspect: _, ...scan }: ProbingScan): UnorderedScan {
  return { ...scan, state: 'unordered', tail: [], shared: 0 };
}

/**
 * Windows grow again where one page was enough, up to when the walk began. What was updated since
 * then is the next walk's: a window without an end could fill faster than it is read, and can't be
 * halved.
 */
export function toNextWindow(scan: Scan): WindowStep {
  if (scan.to === undefined || toTime(scan.to) >= scan.startedAt) return { done: true };
  const width = toTime(scan.to) - toTime(scan.from);
  const to = shift(scan.to, scan.skip === 0 ? 2 * width : width);
  const end = toInstant(scan.startedAt);
  return { next: restart(scan, { from: scan.to, to: earlier(to, end) }) };
}

/**
 * A smaller page from where the walk is, for one that is too large; `undefined`: a single incident
 * is.
 */
export function shrinkTop(scan: CountingScan): CountingScan | undefined {
  if (scan.top === 1) return undefined;
  const top = Math.ceil(scan.top / 4);
  if (top > 1 || !('shared' in scan)) return { ...scan, top };
  // A page of one row has no room for one that is read already.
  return { ...scan, top, skip: scan.skip + scan.shared, shared: 0 };
}
