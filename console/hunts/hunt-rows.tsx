import { useState } from 'preact/hooks';
import type { HuntResults, HuntStatus } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Content } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';

type Row = Readonly<Record<string, unknown>>;

/** So many rows are drawn at a time; the API's pages hold thousands. */
const SHOWN = 50;

/** What was found, as one table over all customers. */
export function HuntRows({ hunt }: { hunt: HuntStatus }) {
  if (hunt.rows === 0) {
    return hunt.status === 'complete' ? (
      <p class="empty">Every customer was asked, and nothing was found.</p>
    ) : null;
  }
  return (
    <section>
      <h2>Rows</h2>
      <Loading hunt={hunt} />
    </section>
  );
}

/**
 * While the hunt runs, what is shown stays until the operator wants the rows that came meanwhile.
 */
function Loading({ hunt }: { hunt: HuntStatus }) {
  const { hunt_id, rows, status } = hunt;
  const [asked, setAsked] = useState(rows);
  const pages = usePages(hunt_id);
  const isFinal = status !== 'running';
  const page = useLoaded(`rows ${hunt_id} ${pages.cursor} ${isFinal || asked}`, () =>
    call('getHuntResults', {
      params: { hunt_id },
      query: pages.cursor === undefined ? {} : { cursor: pages.cursor },
    }),
  );
  return (
    <>
      {!isFinal && rows > asked && (
        <p>
          <button type="button" onClick={() => setAsked(rows)}>
            Show the rows that came meanwhile
          </button>
        </p>
      )}
      <Content of={page}>
        {(data) => (
          <>
            <Slices key={pages.number} results={data} />
            <Pager pages={pages} next={isFinal ? data.next_cursor : undefined} name="Next part" />
          </>
        )}
      </Content>
    </>
  );
}

/** One page of the API, some rows at a time. */
function Slices({ results }: { results: HuntResults }) {
  const [from, setFrom] = useState(0);
  const { value, columns } = results;
  const shown = value.slice(from, from + SHOWN).map((row, index) => ({ row, at: from + index }));
  return (
    <>
      <Table
        caption="Rows"
        columns={[TENANT, ...columns.map(({ name, type }) => toColumn(name, type))]}
        rows={shown}
        keyOf={({ at }) => String(at)}
        empty="There are no rows on this page."
      />
      {value.length > SHOWN && (
        <nav class="pager" aria-label="Rows">
          <button type="button" disabled={from === 0} onClick={() => setFrom(from - SHOWN)}>
            Back
          </button>
          <span>
            {(from + 1).toLocaleString()}–{(from + shown.length).toLocaleString()} of{' '}
            {value.length.toLocaleString()}
          </span>
          <button
            type="button"
            disabled={from + SHOWN >= value.length}
            onClick={() => setFrom(from + SHOWN)}
          >
            More
          </button>
        </nav>
      )}
    </>
  );
}

interface Shown {
  readonly row: Row & HuntResults['value'][number];
  readonly at: number;
}

const TENANT: Column<Shown> = {
  name: 'Customer',
  cell: ({ row: { tenant_id, tenant_name } }) => (
    <a href={toHref(['customers', tenant_id])}>
      {typeof tenant_name === 'string' ? tenant_name : tenant_id}
    </a>
  ),
};

const NUMBERS = new Set(['int32', 'int64', 'double', 'decimal', 'int', 'long', 'real']);

function toColumn(name: string, type: string): Column<Shown> {
  return {
    name,
    isNumber: NUMBERS.has(type.toLowerCase()),
    cell: ({ row }) => <span class="cell">{toText(row[name])}</span>,
  };
}

function toText(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
