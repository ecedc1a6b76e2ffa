import type { ActPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { useLoaded } from '../load.ts';
import { Badge } from '../parts/marks.tsx';
import { Content } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { toLabel } from '../words.ts';
import { EXPORT_PAGE, readParameter, toAuditQuery, VIEW_PAGE } from './audit-query.ts';
import { EventTimeline } from './event-timeline.tsx';
import { type AuditEvent, EVENT_KINDS } from './event-words.ts';
import { ExportButtons } from './export-buttons.tsx';

const WEEK_MS = 7 * 24 * 60 * 60_000;

const COLUMNS: readonly (keyof AuditEvent)[] = [
  'sequence',
  'recorded_at',
  'act',
  'actor',
  'actor_name',
  'tenant_id',
  'tenant_name',
  'subject',
  'detail',
  'changes',
  'correlation_id',
  'hash',
];

/** What operators and the broker did, the newest first. */
export function Events() {
  const kind = readParameter('act');
  const filters = {
    ...toAuditQuery(WEEK_MS),
    act: kind === undefined ? undefined : EVENT_KINDS[kind],
    actor: readParameter('actor'),
    subject: readParameter('subject'),
  };
  const key = JSON.stringify(filters);
  const pages = usePages(key);
  const events = useLoaded(`events ${key} ${pages.cursor}`, () =>
    call('listActs', {
      query: toQuery({ ...filters, order: 'desc', limit: VIEW_PAGE, cursor: pages.cursor }),
    }),
  );
  // Oldest first: so the file is the chain as it was written.
  const load = (cursor: string | undefined) =>
    call('listActs', { query: toQuery({ ...filters, limit: EXPORT_PAGE, cursor }) });
  return (
    <Content of={events}>
      {({ value, next_cursor, chain }) => (
        <>
          <div class="list-head">
            <Chain of={chain} />
            <ExportButtons name="audit-events" columns={COLUMNS} load={load} />
          </div>
          <EventTimeline events={value} empty={toEmpty(next_cursor)} />
          <Pager pages={pages} next={next_cursor} name="Older" />
        </>
      )}
    </Content>
  );
}

/** A page looks at so many events; whether there are more is another thing. */
function toEmpty(next: string | undefined): string {
  return next === undefined
    ? 'Nothing was done in this time.'
    : 'Nothing was found so far: press Older to look further back.';
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
