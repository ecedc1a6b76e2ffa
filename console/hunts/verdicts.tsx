import type { Hunt, HuntStatus } from '../../docs/client/broker-api.ts';
import type { Tone } from '../parts/marks.tsx';

/** How a hunt stands. */
export const HUNT_TONES: Readonly<Record<Hunt['status'], Tone>> = {
  running: 'calm',
  complete: 'good',
  incomplete: 'warn',
  cancelled: 'calm',
};

type VerdictBadge = NonNullable<HuntStatus['value'][number]['verdict']>;

/** How one customer ended: only `complete` means that what was not found is not there. */
export const VERDICT_TONES: Readonly<Record<VerdictBadge, Tone>> = {
  complete: 'good',
  truncated: 'warn',
  not_available: 'warn',
  not_granted: 'warn',
  consent_missing: 'bad',
  throttled: 'bad',
  failed: 'bad',
  cancelled: 'calm',
};
