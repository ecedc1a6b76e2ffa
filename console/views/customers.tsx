import type { TenantPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { useLoaded } from '../load.ts';
import { AgeBar, Badge, Status } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { route, setQuery, toHref } from '../router.ts';
import { toDuration, toLabel } from '../words.ts';

type Customer = TenantPage['value'][number];

const PAGE = 50;
const STATUSES = ['verifying', 'active', 'partial', 'consent_revoked', 'disabled', 'offboarded'];

/** Every customer: who they are, whether they work, how old their data is. */
export function Customers() {
  return (
    <Page title="Customers" question="Who trusts us, does it work, and how fresh is what we know?">
      <NeedsRole appRole="Tenants.Read">
        <Filters />
        <List />
      </NeedsRole>
    </Page>
  );
}

function Filters() {
  const { query } = route.value;
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label>
        Name or id
        <input
          type="search"
          value={query.get('q') ?? ''}
          onInput={(event) => setQuery({ q: event.currentTarget.value })}
        />
      </label>
      <label>
        Status
        <select
          value={query.get('status') ?? ''}
          onChange={(event) => setQuery({ status: event.currentTarget.value })}
        >
          <option value="">All</option>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {toLabel(status)}
            </option>
          ))}
        </select>
      </label>
      <label>
        Tag
        <input
          value={query.get('tag') ?? ''}
          onInput={(event) => setQuery({ tag: event.currentTarget.value })}
        />
      </label>
    </form>
  );
}

function List() {
  const { query } = route.value;
  const filters = {
    q: query.get('q') || undefined,
    status: (query.get('status') || undefined) as Customer['status'] | undefined,
    tag: query.get('tag') || undefined,
  };
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const page = useLoaded(`customers ${key} ${pages.cursor}`, () =>
    call('listTenants', {
      query: toQuery({ ...filters, limit: PAGE, cursor: pages.cursor }),
    }),
  );
  return (
    <Content of={page}>
      {({ value, next_cursor }) => (
        <>
          <Table
            caption="Customers"
            columns={COLUMNS}
            rows={value}
            keyOf={({ tenant_id }) => tenant_id}
            empty="No customer matches."
          />
          <Pager pages={pages} next={next_cursor} />
        </>
      )}
    </Content>
  );
}

const COLUMNS: readonly Column<Customer>[] = [
  {
    name: 'Customer',
    cell: ({ tenant_id, display_name }) => (
      <>
        <a href={toHref(['customers', tenant_id])}>{display_name ?? tenant_id}</a>
        {display_name && <div class="quiet small">{tenant_id}</div>}
      </>
    ),
  },
  { name: 'Status', cell: ({ status }) => <Status of={status} /> },
  { name: 'Data age', cell: ({ data }) => <DataAge data={data} /> },
  { name: 'Capabilities', cell: (customer) => <Capabilities of={customer} /> },
  {
    name: 'Tags',
    cell: ({ tags }) =>
      tags.map((tag) => (
        <span key={tag} class="tag">
          {tag}
        </span>
      )),
  },
];

function DataAge({ data }: { data: Customer['data'] }) {
  const { data_age_seconds: seconds, late, problem } = data;
  return (
    <>
      {seconds === undefined ? (
        <span class="quiet">not read yet</span>
      ) : (
        <>
          <AgeBar seconds={seconds} isLate={late} /> {toDuration(seconds)}
        </>
      )}
      {problem && <div class="small bad-text">{toLabel(problem)}</div>}
    </>
  );
}

/** What works per API: fine, an app role is missing, or a licence is. */
export function Capabilities({ of: { resources } }: { of: Pick<Customer, 'resources'> }) {
  return (
    <ul class="capabilities">
      {Object.entries(resources).map(([resource, { roles_missing, cause }]) => (
        <li key={resource}>
          {toLabel(resource)} <Capability missing={roles_missing} cause={cause} />
        </li>
      ))}
    </ul>
  );
}

function Capability({
  missing,
  cause,
}: {
  missing: readonly string[];
  cause?: string | undefined;
}) {
  if (cause) return <Badge tone="bad">{toLabel(cause)}</Badge>;
  if (missing.length > 0) return <Badge tone="warn">{`lacks ${missing.join(', ')}`}</Badge>;
  return <Badge tone="good">fine</Badge>;
}
