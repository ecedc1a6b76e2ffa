import type { Overview } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { OpenHunts } from '../hunts/open-hunts.tsx';
import { useLoaded } from '../load.ts';
import { Badge, Lasting } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { ConsentLinkButton, VerifyButton } from '../parts/tenant-actions.tsx';
import { toHref } from '../router.ts';
import { toCount, toDuration, toLabel } from '../words.ts';

type Need = Overview['needs'][number];
type Waiting = Need['tenants'][number];

const REFRESH_MS = 30_000;

/** Who has to act, on what, the longest waiting first. */
export function Needs() {
  return (
    <Page title="Needs you now" question="What is broken, whose turn is it, and what repairs it?">
      <NeedsRole appRole="Tenants.Read">
        <Loading />
      </NeedsRole>
    </Page>
  );
}

function Loading() {
  const overview = useLoaded('overview', () => call('getOverview', {}), { everyMs: REFRESH_MS });
  return (
    <Content of={overview}>
      {(data) => (
        <>
          <Summary overview={data} />
          <Groups needs={data.needs} reload={overview.reload} />
          <OpenHunts hunts={data.hunts} />
        </>
      )}
    </Content>
  );
}

function Summary({ overview }: { overview: Overview }) {
  const { tenants, data, health, hunts } = overview;
  const total = Object.values(tenants).reduce((sum, count) => sum + count, 0);
  const gone = tenants.offboarded ?? 0;
  return (
    <dl class="figures">
      <Figure name="Customers" value={(total - gone).toLocaleString()} />
      <Figure name="Active" value={(tenants.active ?? 0).toLocaleString()} />
      <Figure name="Late data" value={data.late_count.toLocaleString()} />
      <Figure name="Oldest data" value={toOldest(data.data_age_seconds)} />
      {hunts && <Figure name="Hunts running" value={toRunning(hunts)} />}
      <Figure name="Broker" value={health.status === 'up' ? 'Up' : 'Trouble'} />
    </dl>
  );
}

function toRunning({ unreadable, value }: NonNullable<Overview['hunts']>): string {
  if (unreadable) return 'Unknown';
  return value.filter(({ status }) => status === 'running').length.toLocaleString();
}

/** Without an age one customer at least was never read. */
function toOldest(seconds: number | undefined): string {
  return seconds === undefined ? 'Never' : toDuration(seconds);
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const OWNERS = [
  ['partner', 'You'],
  ['customer', 'Your customers'],
  ['microsoft', 'Microsoft'],
  ['caller', 'Your tools'],
] as const;

function Groups({ needs, reload }: { needs: readonly Need[]; reload: () => void }) {
  if (needs.length === 0) {
    return <p class="empty">Nobody has to do anything. Every customer was looked at in time.</p>;
  }
  return (
    <>
      {OWNERS.map(([owner, name]) => {
        const theirs = needs.filter((need) => need.owner === owner);
        if (theirs.length === 0) return null;
        return (
          <section key={owner}>
            <h2>{name}</h2>
            {theirs.map((need) => (
              <NeedCard key={need.cause} need={need} reload={reload} />
            ))}
          </section>
        );
      })}
    </>
  );
}

function NeedCard({ need, reload }: { need: Need; reload: () => void }) {
  const { cause, count, description, remedy, tenants } = need;
  return (
    <article class="card">
      <header>
        <h3>{toLabel(cause)}</h3>
        <Badge tone="warn">{toCount(count, 'customer')}</Badge>
      </header>
      <p>{description}</p>
      <p class="quiet">{remedy}</p>
      <ul class="waiting">
        {tenants.map((waiting) => (
          <WaitingRow key={waiting.tenant_id} waiting={waiting} need={need} reload={reload} />
        ))}
      </ul>
      {count > tenants.length && (
        <p class="quiet">And {toCount(count - tenants.length, 'customer')} more.</p>
      )}
    </article>
  );
}

function WaitingRow({
  waiting,
  need,
  reload,
}: {
  waiting: Waiting;
  need: Need;
  reload: () => void;
}) {
  const { tenant_id, display_name, since } = waiting;
  return (
    <li data-row>
      <a href={toHref(['customers', tenant_id])}>{display_name ?? tenant_id}</a>
      <span class="quiet">
        for <Lasting since={since} />
      </span>
      {need.action === 'send_consent_link' && <ConsentLinkButton tenantId={tenant_id} />}
      {need.action !== 'none' && <VerifyButton tenantId={tenant_id} reload={reload} />}
    </li>
  );
}
