import type { IncidentSourceName } from '../../resources/incident-sources.ts';
import type { PageQuery } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import type { SeenOrder } from './list-order.ts';

/*
 * A walk reads a list page after page. It is in one of five states, and each state has only the
 * fields that mean something in it. docs/architecture/incidents.md is the specification;
 * `transitions.ts` is its table. What is stored between two pages is the state.
 */

/**
 * What a walk through the API's list is for. `changes` since the watermark, the first `backfill`,
 * or a daily `reconciliation`.
 */
export type WalkKind = 'backfill' | 'changes' | 'reconciliation';

/** What every state of a walk knows. */
interface Place {
  readonly kind: WalkKind;
  readonly source: IncidentSourceName;
  /** What is complete when it ends: everything up to this epoch time, less the safety lag. */
  readonly startedAt: number;
  /** Where the walk began … */
  readonly begin: Instant;
  /** … and the window that is under way; without `to` it is open. */
  readonly from: Instant;
  readonly to: Instant | undefined;
  readonly skip: number;
  readonly top: number;
  /** Targets of merges that this page leads to and that can't be had. */
  readonly missingTargets: readonly string[];
}

/** Rows are counted with `$skip`. */
interface Counted extends Place {
  /** How many too large incidents were stepped over in a row. */
  readonly tooLarge: number;
}

/** Rows are counted, and the page before is known. */
interface Following extends Counted {
  /** What the page before held, `<id> <last update>` … */
  readonly previousPage: readonly string[];
  /** … and how many of its rows the next one begins with. */
  readonly overlapRows: number;
}

/** The first page of a walk was not read yet: nobody knows the order of the list. */
export interface OpeningWalk extends Counted {
  readonly state: 'opening';
}

/** The list has an order, the newest first. */
export interface OrderedWalk extends Following {
  readonly state: 'ordered';
  readonly order: SeenOrder;
}

/** The list has no order that helps: each page begins with a row of the page before. */
export interface UnorderedWalk extends Following {
  readonly state: 'unordered';
}

/** An instant could not be read; the window behind it shows whether anything can. */
export interface ProbingWalk extends Counted {
  readonly state: 'probing';
  /** It is given up when a page of this window can be read, and read again when none can. */
  readonly suspect: Instant;
}

/** The API's own links are followed, as a page was short and not the last. */
export interface LinkedWalk extends Place {
  readonly state: 'linked';
  readonly link: string;
  /** How many links were followed in a row. */
  readonly links: number;
  readonly previousPage: readonly string[];
}

/** A walk in which rows are counted. */
export type CountedWalk = OpeningWalk | OrderedWalk | UnorderedWalk | ProbingWalk;

/** A walk through the API's list that may go on in another message. */
export type Walk = CountedWalk | LinkedWalk;

/** The name of a walk's state. */
export type WalkState = Walk['state'];

/** What follows when a window was walked to its end. */
export type WindowStep = { readonly next: Walk } | { readonly done: true };

/** A walk from its beginning on, in the largest pages that the API gives. */
export function startWalk({
  pageSize,
  ...plan
}: Pick<Walk, 'kind' | 'source' | 'startedAt' | 'from'> & {
  readonly pageSize: number;
}): OpeningWalk {
  const unread = { to: undefined, skip: 0, top: pageSize, missingTargets: [], tooLarge: 0 };
  return { state: 'opening', ...plan, begin: plan.from, ...unread };
}

/** The next page of a walk. */
export function toQuery(walk: Walk): PageQuery {
  const { from, to, top, skip } = walk;
  const below = walk.state === 'ordered' ? walk.order.below : undefined;
  const link = walk.state === 'linked' ? walk.link : undefined;
  return { from, to, below, top, skip, link };
}

/** Whether the window is asked for in the plainest way: nothing can be left out of the request. */
export function isFirstPage(walk: Walk): boolean {
  const { below, skip, link } = toQuery(walk);
  return below === undefined && skip === 0 && link === undefined;
}

/** Whether nothing would be lost if the walk were planned anew. */
export function isUntouched(walk: Walk): boolean {
  return walk.from === walk.begin && walk.to === undefined && isFirstPage(walk);
}
