import { toCount } from '../words.ts';

/** An admin who is on holiday comes back within two weeks. */
export const DAYS = '14';

const CHOICES = ['1', '3', '7', '14', '30'];

/** The life of an invitation as the API takes it. */
export function toSeconds(days: string): number {
  return Number(days) * 24 * 60 * 60;
}

/** How long a link works. */
export function DaysField({ value, change }: { value: string; change: (value: string) => void }) {
  return (
    <label>
      The link works for
      <select value={value} onChange={(event) => change(event.currentTarget.value)}>
        {CHOICES.map((days) => (
          <option key={days} value={days}>
            {toCount(Number(days), 'day')}
          </option>
        ))}
      </select>
    </label>
  );
}
