import type { SetAside } from '../incident-source.ts';
import {
  isFirstPage,
  type Scan,
  toBeyond,
  toSmallerPage,
  toSmallerWalk,
  type WindowStep,
} from './scan.ts';
import type { Trouble } from './trouble.ts';

/** Another way through the list, and what it leaves out. */
export interface Detour<Step = WindowStep> {
  readonly step: Step;
  readonly setAside: readonly SetAside[];
}

/** What the ledger says of an instant that was given up. */
export const UNREACHABLE = [{ incidentId: undefined, reason: 'unreachable' }] as const;

/** A page that can't be read in one way may be readable in another; the trouble itself where only waiting helps. */
export function avoid(scan: Scan, trouble: Trouble): Detour<WindowStep | Trouble> {
  switch (trouble.problem) {
    case 'too_large':
      return scan.link === undefined ? avoidSize(scan) : goAround(scan);
    case 'refused':
      return isFirstPage(scan) ? { step: trouble, setAside: [] } : goAround(scan);
    default:
      return { step: trouble, setAside: [] };
  }
}

/** Single incidents on end that are too large to be read. */
const MOST_TOO_LARGE = 20;

function avoidSize(scan: Scan): Detour<WindowStep | Trouble> {
  const smaller = toSmallerPage(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  const setAside = [{ incidentId: undefined, reason: 'too_large' }] as const;
  const tooLarge = scan.tooLarge + 1;
  // So many in a row are no incidents: the list pays no heed to `$skip`.
  if (tooLarge > MOST_TOO_LARGE) return { step: { problem: 'too_large' }, setAside };
  return { step: { next: { ...scan, skip: scan.skip + 1, tooLarge } }, setAside };
}

/**
 * `$skip` and links end somewhere: then the list goes on below what was read if it is ordered, or else the window is
 * halved; an instant that can't be halved is stepped over.
 */
export function goAround(scan: Scan): Detour {
  const smaller = toSmallerWalk(scan);
  if (smaller) return { step: { next: smaller }, setAside: [] };
  return { step: toBeyond(scan), setAside: UNREACHABLE };
}
