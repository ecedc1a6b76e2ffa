import type { IncidentPage } from '../incident-source.ts';
import { type Fallback, narrow, narrowOrWait, shrinkPage } from './fallback.ts';
import {
  countFirst,
  countOrdered,
  countProbed,
  countUnordered,
  followLink,
  type Step,
} from './paging.ts';
import type { Walk, WalkState } from './walk.ts';
import type { WalkError } from './walk-error.ts';
import { resumeOrReplan, revisitSuspectInstant, shrinkOrProbe } from './windows.ts';

/** The walk in one of its states. */
type WalkIn<S extends WalkState> = Extract<Walk, { readonly state: S }>;

/** What a state does with each event. */
interface Transitions<S extends WalkState> {
  /** A page was read: it goes on, is complete, the list moved, or nothing new comes. */
  readonly pageRead: (walk: WalkIn<S>, page: IncidentPage, pageSize: number) => Step;
  /** The page is too large. */
  readonly tooLarge: (walk: WalkIn<S>) => Fallback;
  /** The API refuses the request. */
  readonly refused: (walk: WalkIn<S>, error: WalkError) => Fallback;
  /** The run failed, and only waiting helps; `undefined`: the walk is planned anew. */
  readonly failed: (walk: WalkIn<S>) => Walk | undefined;
  /** Its page failed the third time while nothing was read; `undefined`: as before. */
  readonly failedThrice: (walk: WalkIn<S>) => Walk | undefined;
}

/** What all states that count rows do alike. */
const COUNTING = {
  tooLarge: shrinkPage,
  refused: narrowOrWait,
  failed: resumeOrReplan,
  failedThrice: shrinkOrProbe,
} as const;

/** Every event in every state: the table of docs/architecture/incidents.md. */
export const TRANSITIONS: { readonly [S in WalkState]: Transitions<S> } = {
  opening: { ...COUNTING, pageRead: countFirst },
  ordered: { ...COUNTING, pageRead: countOrdered },
  unordered: { ...COUNTING, pageRead: countUnordered },
  probing: {
    ...COUNTING,
    pageRead: countProbed,
    failed: revisitSuspectInstant,
    failedThrice: revisitSuspectInstant,
  },
  linked: {
    pageRead: followLink,
    tooLarge: narrow,
    refused: narrow,
    failed: resumeOrReplan,
    failedThrice: shrinkOrProbe,
  },
};

/** The step after a page. */
export function toStep(walk: Walk, page: IncidentPage, pageSize: number): Step {
  return toTransitions(walk).pageRead(walk, page, pageSize);
}

/**
 * A page that can't be read in one way may be readable in another; the error itself where only
 * waiting helps.
 */
export function chooseFallback(walk: Walk, error: WalkError): Fallback {
  switch (error.problem) {
    case 'too_large':
      return toTransitions(walk).tooLarge(walk);
    case 'refused':
      return toTransitions(walk).refused(walk, error);
    default:
      return { step: error, skipped: [] };
  }
}

/** How a walk is taken up again after a run that failed. */
export function takeUpAgain(walk: Walk, isThird: boolean): Walk | undefined {
  const { failed, failedThrice } = toTransitions(walk);
  return isThird ? failedThrice(walk) : failed(walk);
}

function toTransitions<S extends WalkState>(walk: WalkIn<S>): Transitions<S> {
  // The table's type pairs each state with its transitions; TypeScript does not see that here.
  return TRANSITIONS[walk.state] as unknown as Transitions<S>;
}
