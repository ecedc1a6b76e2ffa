import { Age } from '../parts/marks.tsx';
import { CheckCard } from './check-card.tsx';
import { type Check, readRecord } from './findings.ts';

/** Whether somebody else than the broker changed what decides something. */
export function Integrity({ check }: { check: Check | undefined }) {
  const last = readRecord(check, 'last_check');
  return (
    <CheckCard title="Integrity" check={check}>
      <p>Nothing that decides was changed by somebody else than the broker.</p>
      <p class="quiet small">
        Everything was checked: <Age of={last && String(last.checked_at)} />
      </p>
    </CheckCard>
  );
}
