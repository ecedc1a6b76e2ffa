import { earlier, type Instant, shift, toInstant, toTime } from '../instant.ts';
import { beginBelow } from './list-order.ts';
import {
  type CountedWalk,
  isUntouched,
  type OrderedWalk,
  type ProbingWalk,
  type UnorderedWalk,
  type Walk,
  type WindowStep,
} from './walk.ts';

/** A part of the time that a walk reads. */
interface Window {
  readonly from: Instant;
  readonly to: Instant | undefined;
}

/** The walk from the beginning of a window, in no order: rows that come twice cost nothing. */
export function restart(walk: Walk, { from, to }: Window = walk): UnorderedWalk {
  return { state: 'unordered', ...toUnread(walk, { from, to }), previousPage: [], overlapRows: 0 };
}

function toUnread({ kind, source, startedAt, begin, top }: Walk, window: Window) {
  return {
    kind,
    source,
    startedAt,
    begin,
    ...window,
    skip: 0,
    top,
    missingTargets: [],
    tooLarge: 0,
  };
}

/**
 * The walk from where it is, without a long `$skip`; `undefined`: since it began there, nothing
 * older was read.
 */
export function continueBelow(walk: OrderedWalk): OrderedWalk | undefined {
  const order = beginBelow(walk.order);
  return order && { ...restart(walk), state: 'ordered', order };
}

/**
 * The walk in a way that asks for less at a time; `undefined`: of a single instant there is no
 * less.
 */
export function shrinkWalk(walk: Walk): Walk | undefined {
  // Where a link leads is not known by its times.
  const below = walk.state === 'ordered' ? continueBelow(walk) : undefined;
  return below ?? bisect(walk);
}

/** The half of a window that can't be walked to its end; `undefined`: it is a single instant. */
export function bisect(walk: Walk): UnorderedWalk | ProbingWalk | undefined {
  const begin = toTime(walk.from);
  const end = walk.to === undefined ? walk.startedAt : toTime(walk.to);
  const half = Math.floor((end - begin) / 2);
  if (half < 1) return undefined;
  const window = { from: walk.from, to: shift(walk.from, half) };
  // Nothing of it was read yet, so what is suspected stays suspected.
  return walk.state === 'probing' ? probe(walk, window, walk.suspect) : restart(walk, window);
}

/** The step over a single instant that holds more than can be read. */
export function stepOverInstant(walk: Walk): WindowStep {
  const step = toNextWindow({ ...walk, to: walk.to ?? shift(walk.from, 1) });
  if (walk.state !== 'probing' || 'done' in step) return step;
  return { next: probe(walk, step.next, walk.suspect) };
}

/** A walk that has not come far begins anew, with the newest in view; else it goes on. */
export function resumeOrReplan(walk: Walk): Walk | undefined {
  return isUntouched(walk) ? undefined : walk;
}

/**
 * What fails again and again is cut smaller, so that one page does not hold up all others. An
 * instant that can't be cut is stepped over: whether it is given up, the window behind it shows.
 */
export function shrinkOrProbe(walk: Walk): Walk | undefined {
  return shrinkWalk(walk) ?? skipSuspectInstant(walk);
}

/** The walk behind an instant that can't be read; `undefined`: nothing is behind it yet. */
function skipSuspectInstant(walk: Walk): ProbingWalk | undefined {
  const step = stepOverInstant(walk);
  return 'next' in step ? probe(walk, step.next, walk.from) : undefined;
}

/** The walk back at the instant that was stepped over. */
export function revisitSuspectInstant(walk: ProbingWalk): UnorderedWalk {
  return restart(walk, { from: walk.suspect, to: walk.from });
}

/** A window behind an instant that could not be read. */
function probe(walk: Walk, { from, to }: Window, suspect: Instant): ProbingWalk {
  return { state: 'probing', ...toUnread(walk, { from, to }), suspect };
}

/** The walk when the first page behind a suspected instant was read. */
export function confirmProbe({ suspect: _, ...walk }: ProbingWalk): UnorderedWalk {
  return { ...walk, state: 'unordered', previousPage: [], overlapRows: 0 };
}

/**
 * Windows grow again where one page was enough, up to when the walk began. What was updated since
 * then is the next walk's: a window without an end could fill faster than it is read, and can't be
 * halved.
 */
export function toNextWindow(walk: Walk): WindowStep {
  if (walk.to === undefined || toTime(walk.to) >= walk.startedAt) return { done: true };
  const width = toTime(walk.to) - toTime(walk.from);
  const to = shift(walk.to, walk.skip === 0 ? 2 * width : width);
  const end = toInstant(walk.startedAt);
  return { next: restart(walk, { from: walk.to, to: earlier(to, end) }) };
}

/**
 * A smaller page from where the walk is, for one that is too large; `undefined`: a single incident
 * is.
 */
export function shrinkTop(walk: CountedWalk): CountedWalk | undefined {
  if (walk.top === 1) return undefined;
  const top = Math.ceil(walk.top / 4);
  if (top > 1 || !('overlapRows' in walk)) return { ...walk, top };
  // A page of one row has no room for one that is read already.
  return { ...walk, top, skip: walk.skip + walk.overlapRows, overlapRows: 0 };
}
