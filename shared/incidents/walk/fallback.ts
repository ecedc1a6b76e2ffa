import type { SkippedRow } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import {
  isFirstPage,
  type Scan,
  shrinkTop,
  shrinkWalk,
  stepOverInstant,
  type WindowStep,
} from './scan.ts';
import type { ScanError } from './scan-error.ts';

/** Another way through the list, and what it leaves out. */
export interface Fallback<Step = WindowStep> {
  readonly step: Step;
  readonly skipped: readonly SkippedRow[];
}

/** An instant that is given up. */
export function toUnreachable(instant: Instant): SkippedRow {
  return { incidentId: undefined, reason: 'unreachable', fingerprint: instant, updated: instant };
}

/**
 * A page that can't be read in one way may be readable in another; the error itself where only
 * waiting helps.
 */
export function chooseFallback(scan: Scan, error: ScanError): Fallback<WindowStep | ScanError> {
  switch (error.problem) {
    case 'too_large':
      return scan.link === undefined ? shrinkPage(scan) : narrow(scan);
    case 'refused':
      return isFirstPage(scan) ? { step: error, skipped: [] } : narrow(scan);
    default:
      return { step: error, skipped: [] };
  }
}

/** Single incidents on end that are too large to be read. */
const MAX_TOO_LARGE_COUNT = 20;

function shrinkPage(scan: Scan): Fallback<WindowStep | ScanError> {
  const smaller = shrinkTop(scan);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  const fingerprint = `row ${scan.skip}`;
  const skipped = [{ incidentId: undefined, reason: 'too_large', fingerprint }] as const;
  const tooLarge = scan.tooLarge + 1;
  // So many in a row are no incidents: the list pays no heed to `$skip`.
  if (tooLarge > MAX_TOO_LARGE_COUNT) return { step: { problem: 'too_large' }, skipped };
  return { step: { next: { ...scan, skip: scan.skip + 1, tooLarge } }, skipped };
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or
 * else the window is halved; an instant that can't be halved is stepped over.
 */
export function narrow(scan: Scan): Fallback {
  const smaller = shrinkWalk(scan);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  return { step: stepOverInstant(scan), skipped: [toUnreachable(scan.from)] };
}
