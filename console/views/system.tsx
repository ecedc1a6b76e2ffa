import type { Overview } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Age, Status } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { toLabel } from '../words.ts';

const REFRESH_MS = 30_000;
const KNOWN = new Set(['status', 'duration_ms', 'checked_at', 'age_seconds']);

type Checks = NonNullable<Overview['health']['checks']>;

/** The broker itself: credential, keys, storage, queues, timers. */
export function System() {
  return (
    <Page title="System" question="Is the broker itself well, and what ends soon?">
      <NeedsRole appRole="Tenants.Read">
        <Loading />
      </NeedsRole>
    </Page>
  );
}

function Loading() {
  const overview = useLoaded('system', () => call('getOverview', {}), { everyMs: REFRESH_MS });
  return (
    <Content of={overview}>
      {({ health }) => (
        <div class="cards">
          {Object.entries(health.checks ?? {}).map(([name, check]) => (
            <CheckCard key={name} name={name} check={check} />
          ))}
        </div>
      )}
    </Content>
  );
}

function CheckCard({ name, check }: { name: string; check: Checks[string] }) {
  const findings = Object.entries(check).filter(([key]) => !KNOWN.has(key));
  return (
    <section class="card">
      <header>
        <h2>{toLabel(name)}</h2>
        <Status of={check.status} />
      </header>
      <dl class="pairs">
        {findings.map(([key, value]) => (
          <div key={key}>
            <dt>{toLabel(key)}</dt>
            <dd>
              <Finding value={value} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="quiet small">
        looked at <Age of={check.checked_at} />
      </p>
    </section>
  );
}

/** A value, or a small list of names and values. */
function Finding({ value }: { value: unknown }) {
  if (typeof value !== 'object' || value === null) return <>{String(value ?? '–')}</>;
  return (
    <ul class="plain-list">
      {Object.entries(value).map(([key, item]) => (
        <li key={key}>
          {toLabel(key)}: <Finding value={item} />
        </li>
      ))}
    </ul>
  );
}
