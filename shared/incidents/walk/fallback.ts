import type { SkippedRow } from '../incident-source.ts';
import type { Instant } from '../instant.ts';
import { type CountingScan, isFirstPage, type Scan, type WindowStep } from './scan.ts';
import type { ScanError } from './scan-error.ts';
import { shrinkTop, shrinkWalk, stepOverInstant } from './windows.ts';

/** Another way through the list, and what it leaves out. */
export interface Fallback<Step = WindowStep | ScanError> {
  readonly step: Step;
  readonly skipped: readonly SkippedRow[];
}

/** An instant that is given up. */
export function toUnreachable(instant: Instant): SkippedRow {
  return { incidentId: undefined, reason: 'unreachable', fingerprint: instant, updated: instant };
}

/** Single incidents in a row that are too large to be read. */
const MAX_TOO_LARGE_COUNT = 20;

/** A page that is too large: a smaller one, or over the single incident that is. */
export function shrinkPage(scan: CountingScan): Fallback {
  const smaller = shrinkTop(scan);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  const fingerprint = `row ${scan.skip}`;
  const skipped = [{ incidentId: undefined, reason: 'too_large', fingerprint }] as const;
  const tooLarge = scan.tooLarge + 1;
  // So many in a row are no incidents: the list ignores `$skip`.
  if (tooLarge > MAX_TOO_LARGE_COUNT) return { step: { problem: 'too_large' }, skipped };
  return { step: { next: { ...scan, skip: scan.skip + 1, tooLarge } }, skipped };
}

/** A page that is refused: only waiting helps where the plainest request is. */
export function narrowOrWait(scan: Scan, error: ScanError): Fallback {
  return isFirstPage(scan) ? { step: error, skipped: [] } : narrow(scan);
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or
 * else the window is halved; an instant that can't be halved is stepped over.
 */
export function narrow(scan: Scan): Fallback<WindowStep> {
  const smaller = shrinkWalk(scan);
  if (smaller) return { step: { next: smaller }, skipped: [] };
  const step = stepOverInstant(scan);
  // A walk that ends leaves no instant behind that nobody reads again.
  const left = scan.state === 'probing' && 'done' in step ? [scan.suspect] : [];
  return { step, skipped: [...left, scan.from].map(toUnreachable) };
}
