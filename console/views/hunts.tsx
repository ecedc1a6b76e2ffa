import type { HuntPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { HuntForm } from '../hunts/hunt-form.tsx';
import { HuntProgress } from '../hunts/hunt-progress.tsx';
import { HUNT_TONES } from '../hunts/verdicts.tsx';
import { useLoaded } from '../load.ts';
import { Age, Badge } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toLabel } from '../words.ts';

type Hunt = HuntPage['value'][number];

const PAGE = 50;
const REFRESH_MS = 5000;

/** One question to many customers. */
export function Hunts() {
  return (
    <Page title="Hunts" question="What do you want to know of all customers at once?">
      <NeedsRole appRole="Hunting.Run">
        <Loading />
      </NeedsRole>
    </Page>
  );
}

function Loading() {
  const queries = useLoaded('queries', () => call('listQueries', {}));
  return (
    <>
      <HuntForm queries={queries} />
      <section>
        <h2>Your hunts</h2>
        <List />
      </section>
    </>
  );
}

function List() {
  const pages = usePages('hunts');
  const page = useLoaded(
    `hunts ${pages.cursor}`,
    () => call('listHunts', { query: toQuery({ limit: PAGE, cursor: pages.cursor }) }),
    { everyMs: REFRESH_MS },
  );
  return (
    <Content of={page}>
      {({ value, next_cursor }) => (
        <>
          <Table
            caption="Hunts"
            columns={COLUMNS}
            rows={value}
            keyOf={({ hunt_id }) => hunt_id}
            empty="No hunt of yours is kept. Results stay for seven days."
          />
          <Pager pages={pages} next={next_cursor} />
        </>
      )}
    </Content>
  );
}

const COLUMNS: readonly Column<Hunt>[] = [
  {
    name: 'Hunt',
    cell: ({ hunt_id, name, saved_query }) => (
      <>
        <a href={toHref(['hunts', hunt_id])}>{name ?? saved_query ?? 'Unnamed hunt'}</a>
        {name && saved_query && <div class="quiet small">{saved_query}</div>}
      </>
    ),
  },
  {
    name: 'Status',
    cell: ({ status }) => <Badge tone={HUNT_TONES[status]}>{toLabel(status)}</Badge>,
  },
  { name: 'Customers', cell: (hunt) => <HuntProgress of={hunt} /> },
  { name: 'Rows', isNumber: true, cell: ({ rows }) => rows.toLocaleString() },
  { name: 'Begun', cell: ({ created_at }) => <Age of={created_at} /> },
];
