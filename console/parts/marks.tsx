import { toAge, toDuration, toLabel, toLocalTime } from '../words.ts';

/** The tone of a mark; each has a word beside its colour. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const STATUS_TONES: Readonly<Record<string, Tone>> = {
  active: 'good',
  up: 'good',
  partial: 'warn',
  verifying: 'calm',
  consent_revoked: 'bad',
  down: 'bad',
  disabled: 'calm',
  offboarded: 'calm',
};

/** A status as a word with a tone. */
export function Status({ of }: { of: string }) {
  return <Badge tone={STATUS_TONES[of] ?? 'calm'}>{toLabel(of)}</Badge>;
}

/** A word with a tone. */
export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** How long ago, with the exact time at the pointer. */
export function Age({ of }: { of: string | undefined }) {
  if (of === undefined) return <span class="quiet">never</span>;
  return (
    <time dateTime={of} title={toLocalTime(of)}>
      {toAge(of)}
    </time>
  );
}

/** How long something lasts, with its beginning at the pointer. */
export function Lasting({ since }: { since: string }) {
  return (
    <time dateTime={since} title={toLocalTime(since)}>
      {toDuration((Date.now() - Date.parse(since)) / 1000)}
    </time>
  );
}

/** How long something still lasts, with its end at the pointer. */
export function Until({ at }: { at: string }) {
  const seconds = (Date.parse(at) - Date.now()) / 1000;
  return (
    <time dateTime={at} title={toLocalTime(at)}>
      {seconds > 0 ? `in ${toDuration(seconds)}` : 'now'}
    </time>
  );
}

const WIDTH = 80;
/** The bar is full at an hour: older data is late in any case. */
const FULL_SECONDS = 3600;

/** The age of data as a bar: short is fresh; the words beside it say the same. */
export function AgeBar({ seconds, isLate }: { seconds: number; isLate: boolean }) {
  const width = Math.max(2, Math.min(1, seconds / FULL_SECONDS) * WIDTH);
  return (
    <svg class={`bar ${isLate ? 'bad' : 'good'}`} viewBox={`0 0 ${WIDTH} 8`} aria-hidden="true">
      <rect class="track" width={WIDTH} height="8" rx="4" />
      <rect class="fill" width={width} height="8" rx="4" />
    </svg>
  );
}
