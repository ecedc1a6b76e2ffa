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
import type { Scan, ScanState } from './scan.ts';
import type { ScanError } from './scan-error.ts';
import { resumeOrReplan, revisitSuspectInstant, shrinkOrProbe } from './windows.ts';

/** The walk in one of its states. */
type ScanIn<S extends ScanState> = Extract<Scan, { readonly state: S }>;

/** What a state does with each event. */
interface Transitions<S extends ScanState> {
  /** A page was read: it goes on, is complete, the list moved, or nothing new comes. */
  readonly pageRead: (scan: ScanIn<S>, page: IncidentPage, pageSize: number) => Step;
  /** The page is too large. */
  readonly tooLarge: (scan: ScanIn<S>) => Fallback;
  /** The API refuses the request. */
  readonly refused: (scan: ScanIn<S>, error: ScanError) => Fallback;
  /** The run failed, and only waiting helps; `undefined`: the walk is planned anew. */
  readonly failed: (scan: ScanIn<S>) => Scan | undefined;
  /** Its page failed the third time while nothing was read; `undefined`: as before. */
  readonly failedThrice: (scan: ScanIn<S>) => Scan | undefined;
}

/** What all states that count rows do alike. */
const COUNTING = {
  tooLarge: shrinkPage,
  refused: narrowOrWait,
  failed: resumeOrReplan,
  failedThrice: shrinkOrProbe,
} as const;

/** Every event in every state: the table of docs/architecture/incidents.md. */
export const TRANSITIONS: { readonly [S in ScanState]: Transitions<S> } = {
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
export function toStep(scan: Scan, page: IncidentPage, pageSize: number): Step {
  return toTransitions(scan).pageRead(scan, page, pageSize);
}

/**
 * A page that can't be read in one way may be readable in another; the error itself where only
 * waiting helps.
 */
export function chooseFallback(scan: Scan, error: ScanError): Fallback {
  switch (error.problem) {
    case 'too_large':
      return toTransitions(scan).tooLarge(scan);
    case 'refused':
      return toTransitions(scan).refused(scan, error);
    default:
      return { step: error, skipped: [] };
  }
}

/** How a walk is taken up again after a run that failed. */
export function takeUpAgain(scan: Scan, isThird: boolean): Scan | undefined {
  const { failed, failedThrice } = toTransitions(scan);
  return isThird ? failedThrice(scan) : failed(scan);
}

function toTransitions<S extends ScanState>(scan: ScanIn<S>): Transitions<S> {
  // The table's type pairs each state with its transitions; TypeScript does not see that here.
  return TRANSITIONS[scan.state] as unknown as Transitions<S>;
}
