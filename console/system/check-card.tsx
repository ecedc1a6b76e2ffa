import type { ComponentChildren } from 'preact';
import { Age, Status } from '../parts/marks.tsx';
import { toLabel } from '../words.ts';
import { type Check, readText } from './findings.ts';

/** A part of the broker: how it is, what keeps it down and what to do, what was found. */
export function CheckCard({
  title,
  check,
  children,
  whenDown,
}: {
  title: string;
  check: Check | undefined;
  children?: ComponentChildren;
  whenDown?: ComponentChildren;
}) {
  if (!check) return null;
  const problem = readText(check, 'problem');
  return (
    <section class="card">
      <header>
        <h2>{title}</h2>
        <Status of={check.status} />
      </header>
      {problem && (
        <div class="notice bad">
          <p>
            <strong>{problem}</strong>
          </p>
          <p>{readText(check, 'remedy')}</p>
        </div>
      )}
      {check.status === 'up' ? children : whenDown}
      <p class="quiet small">
        looked at <Age of={check.checked_at} />
      </p>
    </section>
  );
}

const KNOWN = new Set([
  ...['status', 'duration_ms', 'checked_at', 'age_seconds', 'problem', 'remedy'],
]);

/** What a check found that no card knows by name. */
export function CheckDetails({ check }: { check: Check }) {
  const findings = Object.entries(check).filter(([key]) => !KNOWN.has(key));
  return (
    <dl class="pairs">
      {findings.map(([key, value]) => (
        <div key={key}>
          <dt>{toLabel(key)}</dt>
          <dd>{typeof value === 'object' ? JSON.stringify(value) : String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
