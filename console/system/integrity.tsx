import { Age } from '../parts/marks.tsx';
import { toLabel } from '../words.ts';
import { CheckCard } from './check-card.tsx';
import { type Check, readRecord, readRecords } from './findings.ts';

/** Whether somebody else than the broker changed what decides something. */
export function Integrity({ check }: { check: Check | undefined }) {
  const last = readRecord(check, 'last_check');
  return (
    <CheckCard title="Integrity" check={check} whenDown={<IntegrityFindings check={check} />}>
      <p>Nothing that decides was changed by somebody else than the broker.</p>
      <p class="quiet small">
        Everything was checked: <Age of={last && String(last.checked_at)} />
      </p>
    </CheckCard>
  );
}

/** What was found, by table and row; the API names some at most. */
function IntegrityFindings({ check }: { check: Check | undefined }) {
  const rows = readRecords(check, 'rows') ?? [];
  return (
    <ul class="small">
      {rows.map(({ table, key, problem, seen_at }) => (
        <li key={`${table} ${key}`}>
          {toLabel(String(problem))}: {String(table)} <code>{String(key)}</code>,{' '}
          <Age of={String(seen_at)} />
        </li>
      ))}
    </ul>
  );
}
