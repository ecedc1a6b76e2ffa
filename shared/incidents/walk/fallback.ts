import type { SetAside } from '../incident-source.ts';
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
  readonly setAside: readonly SetAside[];
}

/** What the ledger says of an instant that was given up. */
export const UNREACHABLE = [{ incidentId: undefined, reason: 'unreachable' }] as const;

/** A page that can't be read in one way may be readable in another; the error itself where only waiting helps. */
export function chooseFallback(scan: Scan, error: ScanError): Fallback<WindowStep | ScanError> {
  switch (error.problem) {
    case 'too_large':
      return scan.link === undefined ? shrinkPage(scan) : narrow(scan);
    case 'refused':
      return isFirstPage(scan) ? { step: error, setAside: [] } : narrow(scan);
    default:
      return { step: error, setAside: [] };
  }
}

/** Single incidents on end that are too large to be read. */
const MAX_TOO_LARGE_COUNT = 20;

function shrinkPage(scan: Scan): Fallback<WindowStep | ScanError> {
  const smaller = shrinkTop(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'too_large' }] as const;
  const tooLarge = scan.tooLarge + 1;
  // So many in a row are no incidents: the list pays no heed to `$skip`.
  if (tooLarge > MAX_TOO_LARGE_COUNT) return { step: { problem: 'too_large' }, setAside };
  return { step: { next: { ...scan, skip: scan.skip + 1, tooLarge } }, setAside };
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or else the window is
 * halved; an instant that can't be halved is stepped over.
 */
export function narrow(scan: Scan): Fallback {
  const smaller = shrinkWalk(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  return { step: stepOverInstant(scan), setAside: UNREACHABLE };
}
