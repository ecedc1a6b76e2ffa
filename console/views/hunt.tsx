import type { HuntStatus } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { saveDraft } from '../drafts.ts';
import { CUSTOMER_COLUMNS } from '../hunts/customer-columns.tsx';
import { EMPTY_HUNT } from '../hunts/hunt-draft.ts';
import { HuntProblems } from '../hunts/hunt-problems.tsx';
import { HuntProgress } from '../hunts/hunt-progress.tsx';
import { HuntRows } from '../hunts/hunt-rows.tsx';
import { saveResults } from '../hunts/save-results.ts';
import { HUNT_TONES } from '../hunts/verdicts.tsx';
import { useLoaded } from '../load.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Age, Badge } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { Pair } from '../parts/pair.tsx';
import { Table } from '../parts/table.tsx';
import { route, toHref } from '../router.ts';
import { toLabel, toLocalTime } from '../words.ts';

const PAGE = 50;
const REFRESH_MS = 2000;

/** One hunt: how far it is at each customer, and what it found. */
export function Hunt() {
  const id = route.value.path[1] ?? '';
  const pages = usePages(id);
  const hunt = useLoaded(
    `hunt ${id} ${pages.cursor}`,
    () =>
      call('getHunt', {
        params: { hunt_id: id },
        query: { limit: PAGE, ...(pages.cursor && { cursor: pages.cursor }) },
      }),
    { everyMs: REFRESH_MS, isChanging: ({ status }) => status === 'running' },
  );
  const title = hunt.data?.name ?? hunt.data?.saved_query ?? 'Hunt';
  return (
    <Page
      title={title}
      question="Who answered, who could not be asked, and what was found?"
      back={<a href={toHref(['hunts'])}>Hunts</a>}
    >
      <NeedsRole appRole="Hunting.Run">
        <Content of={hunt}>
          {(data) => (
            <>
              <Actions hunt={data} reload={hunt.reload} />
              <Summary hunt={data} />
              <section>
                <h2>Customers</h2>
                <HuntProblems customers={data.value} />
                <Table
                  caption="Customers"
                  columns={CUSTOMER_COLUMNS}
                  rows={data.value}
                  keyOf={({ tenant_id, named }) => tenant_id ?? named ?? ''}
                  empty="The hunt asks no customer: nobody has this tag, or you may hunt at none."
                />
                <Pager pages={pages} next={data.next_cursor} />
              </section>
              <HuntRows hunt={data} />
            </>
          )}
        </Content>
      </NeedsRole>
    </Page>
  );
}

function Actions({ hunt, reload }: { hunt: HuntStatus; reload: () => void }) {
  const params = { hunt_id: hunt.hunt_id };
  const cancel = async () => {
    await call('cancelHunt', { params });
    reload();
  };
  const remove = async () => {
    await call('deleteHunt', { params });
    location.hash = toHref(['hunts']);
  };
  const again = () => {
    saveDraft('hunt', { ...EMPTY_HUNT, query: hunt.query ?? '', name: hunt.name ?? '' });
    location.hash = toHref(['hunts']);
  };
  return (
    <div class="actions">
      <ActionButton
        label="Save as CSV"
        appRole="Hunting.Run"
        done="The rows are saved."
        isPrimary
        isDisabled={hunt.rows === 0}
        run={() => saveResults(hunt)}
      />
      <button type="button" onClick={again}>
        Change and run again
      </button>
      {hunt.status === 'running' && (
        <ActionButton
          label="Cancel"
          appRole="Hunting.Run"
          done="No further customer is asked."
          run={cancel}
        />
      )}
      <ActionButton
        label="Remove"
        appRole="Hunting.Run"
        done="The hunt and its rows are gone."
        run={remove}
      />
    </div>
  );
}

function Summary({ hunt }: { hunt: HuntStatus }) {
  const { status, timespan, rows, created_at, query } = hunt;
  return (
    <div class="cards">
      <section class="card">
        <h2>State</h2>
        <dl class="pairs">
          <Pair name="Status">
            <Badge tone={HUNT_TONES[status]}>{toLabel(status)}</Badge>
          </Pair>
          <Pair name="Customers">
            <HuntProgress of={hunt} />
          </Pair>
          <Pair name="Rows">{rows.toLocaleString()}</Pair>
          <Pair name="Begun">
            <Age of={created_at} />
          </Pair>
          {timespan && (
            <Pair name="Looks at">
              {toLocalTime(timespan.from)} – {toLocalTime(timespan.to)}
            </Pair>
          )}
        </dl>
      </section>
      <section class="card">
        <h2>Query</h2>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls a long query by keys */}
        <pre tabIndex={0}>{query ?? 'The query is not kept any more.'}</pre>
      </section>
    </div>
  );
}
