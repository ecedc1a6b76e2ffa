import type { ActPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Choice, TextField, TimeField } from '../parts/fields.tsx';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Age, Badge } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { TenantLink } from '../parts/tenant-link.tsx';
import { route, setQuery } from '../router.ts';
import { toLabel } from '../words.ts';

type Event = ActPage['value'][number];

const PAGE = 50;
const WEEK_MS = 7 * 24 * 60 * 60_000;

/** Who received which token, and what operators did. */
export function Audit() {
  const { query } = route.value;
  const kind = query.get('kind') || 'events';
  const filter = (name: string) => ({
    value: query.get(name) ?? '',
    change: (value: string) => setQuery({ [name]: value }),
  });
  return (
    <Page title="Audit" question="Who did what, and who received which token, at that time?">
      <NeedsRole appRole="Audit.Read">
        <form class="filters" onSubmit={(event) => event.preventDefault()}>
          <Choice label="Show" options={['tokens']} none="Events" {...filter('kind')} />
          <TimeField label="From" {...filter('from')} />
          <TimeField label="To" {...filter('to')} />
          <TextField label="Customer (id or domain)" type="search" {...filter('tenant')} />
          {kind === 'tokens' && <TextField label="Caller" {...filter('caller')} />}
        </form>
        {kind === 'tokens' ? <Tokens /> : <Events />}
      </NeedsRole>
    </Page>
  );
}

/** What both lists are asked with; without a time they begin a week ago. */
function toAuditQuery() {
  const { query } = route.value;
  const from = query.get('from');
  const since = from
    ? new Date(from)
    : new Date(Math.floor(Date.now() / 60_000) * 60_000 - WEEK_MS);
  const to = query.get('to');
  return {
    tenant: query.get('tenant') || undefined,
    since: since.toISOString(),
    until: to ? new Date(to).toISOString() : undefined,
    limit: PAGE,
  };
}

function Events() {
  const filters = toAuditQuery();
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const events = useLoaded(`events ${key} ${pages.cursor}`, () =>
    call('listActs', { query: toQuery({ ...filters, order: 'desc', cursor: pages.cursor }) }),
  );
  return (
    <Content of={events}>
      {({ value, next_cursor, chain }) => (
        <>
          <Chain of={chain} />
          <Table
            caption="Events"
            columns={COLUMNS}
            rows={value}
            keyOf={({ sequence }) => String(sequence)}
            empty="Nothing was done in this time."
          />
          <Pager pages={pages} next={next_cursor} />
        </>
      )}
    </Content>
  );
}

/** Each event names the hash of the one before: what somebody else wrote or took away is seen. */
function Chain({ of: { holds, problem, at_sequence, head_sequence } }: { of: ActPage['chain'] }) {
  if (holds) {
    return (
      <p class="quiet">
        <Badge tone="good">The chain holds</Badge> up to event {head_sequence.toLocaleString()}.
      </p>
    );
  }
  return (
    <div class="notice bad" role="alert">
      <strong>The chain of events is broken</strong> at event {at_sequence ?? '?'}:{' '}
      {toLabel(problem ?? 'unknown')}. Somebody else than the broker wrote to the storage account.
    </div>
  );
}

function Tokens() {
  const filters = { ...toAuditQuery(), caller: route.value.query.get('caller') || undefined };
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const tokens = useLoaded(`tokens ${key} ${pages.cursor}`, () =>
    call('listIssuances', { query: toQuery({ ...filters, cursor: pages.cursor }) }),
  );
  return (
    <Content of={tokens}>
      {({ value, next_cursor }) => (
        <>
          <LiveTokens tokens={value} empty="No token was handed out in this time." />
          <Pager pages={pages} next={next_cursor} />
        </>
      )}
    </Content>
  );
}

const COLUMNS: readonly Column<Event>[] = [
  { name: 'When', cell: ({ recorded_at }) => <Age of={recorded_at} /> },
  { name: 'What', cell: ({ act }) => toLabel(act) },
  { name: 'Who', cell: ({ actor, actor_name }) => actor_name ?? actor },
  {
    name: 'Customer',
    cell: ({ tenant_id, tenant_name, tenant_hash }) =>
      tenant_id ? <TenantLink id={tenant_id} name={tenant_name} /> : (tenant_hash ?? '–'),
  },
  { name: 'About', cell: ({ subject, detail }) => [subject, detail].filter(Boolean).join(' · ') },
];
