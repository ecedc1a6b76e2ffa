import type { Overview } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Credential, KeyRing, Queues, Timers } from '../system/cards.tsx';
import { CheckCard, CheckDetails } from '../system/check-card.tsx';
import { Integrity } from '../system/integrity.tsx';
import { Quotas } from '../system/quotas.tsx';
import { Webhooks } from '../system/webhooks.tsx';
import { toLabel } from '../words.ts';

const REFRESH_MS = 30_000;
const SHOWN = new Set([
  ...['credential', 'key_vault', 'queues', 'timers', 'webhooks', 'tables', 'integrity'],
]);

/** The broker itself: credential, keys, storage, queues, timers, webhooks, quotas, version. */
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
  return <Content of={overview}>{(data) => <Cards overview={data} />}</Content>;
}

function Cards({ overview: { health, needs, version } }: { overview: Overview }) {
  const { checks = {} } = health;
  const others = Object.entries(checks).filter(([name]) => !SHOWN.has(name));
  return (
    <>
      <div class="cards flowing">
        <Credential checks={checks} />
        <KeyRing checks={checks} />
        <Queues checks={checks} />
        <Timers checks={checks} />
        <Webhooks check={checks.webhooks} />
        <Quotas needs={needs} />
        <CheckCard title="Tables" check={checks.tables}>
          <p>What the broker keeps can be read.</p>
        </CheckCard>
        <Integrity check={checks.integrity} />
        {others.map(([name, check]) => (
          <CheckCard key={name} title={toLabel(name)} check={check}>
            <CheckDetails check={check} />
          </CheckCard>
        ))}
      </div>
      <p class="quiet small">Partner broker {version}</p>
    </>
  );
}
