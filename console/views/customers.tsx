import type { TenantPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { toCustomerColumns } from '../customers/columns.tsx';
import { useLoaded } from '../load.ts';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { Table } from '../parts/table.tsx';
import { route, setQuery } from '../router.ts';
import { hasRole } from '../session.ts';
import { toLabel } from '../words.ts';

type Customer = TenantPage['value'][number];

const PAGE = 50;
const REFRESH_MS = 60_000;
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
          placeholder="Contoso"
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
  const include = hasRole('Incidents.Read') ? (['open_incidents'] as const) : undefined;
  const page = useLoaded(
    `customers ${key} ${pages.cursor}`,
    () =>
      call('listTenants', {
        query: toQuery({ ...filters, include, limit: PAGE, cursor: pages.cursor }),
      }),
    { everyMs: REFRESH_MS },
  );
  return (
    <Content of={page}>
      {({ value, next_cursor }) => (
        <>
          <Table
            caption="Customers"
            columns={toCustomerColumns(value)}
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
