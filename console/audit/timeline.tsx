import type { ComponentChildren } from 'preact';
import { toDay, toLocalTime, toTimeOfDay } from '../words.ts';

/** Something that happened at a time. */
export interface Moment {
  readonly key: string;
  readonly at: string;
  readonly tone: 'calm' | 'bad' | 'quiet';
  readonly content: ComponentChildren;
}

/** Moments on a line of time, by day, in the order that they come. */
export function Timeline({ moments, empty }: { moments: readonly Moment[]; empty: string }) {
  if (moments.length === 0) return <p class="empty">{empty}</p>;
  const days = Map.groupBy(moments, ({ at }) => toDay(at));
  return (
    <div class="timeline">
      {[...days].map(([day, theirs]) => (
        <section key={day} aria-label={day}>
          <p class="day quiet small">{day}</p>
          <ol>
            {theirs.map(({ key, at, tone, content }) => (
              <li key={key} class={tone} data-row>
                <time dateTime={at} title={toLocalTime(at)}>
                  {toTimeOfDay(at)}
                </time>
                <div>{content}</div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
