import { Badge } from '../parts/marks.tsx';
import { Pair } from '../parts/pair.tsx';
import { Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toDuration, toLabel } from '../words.ts';
import { CheckCard } from './check-card.tsx';
import { type Check, readNumber, readRecords } from './findings.ts';

/** How many webhooks there are, and those that are behind. */
export function Webhooks({ check }: { check: Check | undefined }) {
  const behind = readRecords(check, 'behind') ?? [];
  return (
    <CheckCard title="Webhooks" check={check}>
      <dl class="pairs">
        <Pair name="Webhooks">{readNumber(check, 'subscriptions')?.toLocaleString() ?? '–'}</Pair>
        <Pair name="Changes that wait">
          {readNumber(check, 'waiting_changes')?.toLocaleString() ?? '–'}
        </Pair>
        <Pair name="Behind or stopped">
          {readNumber(check, 'behind_count')?.toLocaleString() ?? '–'}
        </Pair>
      </dl>
      {behind.length > 0 && (
        <Table
          isCompact
          caption="Webhooks that are behind"
          rows={behind}
          keyOf={({ subscription_id }) => String(subscription_id)}
          empty=""
          columns={[
            {
              name: 'Caller',
              cell: ({ caller }) => (
                <a class="id" href={toHref(['access', String(caller)])}>
                  {String(caller)}
                </a>
              ),
            },
            {
              name: 'Status',
              cell: ({ status }) => (
                <Badge tone={status === 'active' ? 'warn' : 'bad'}>{toLabel(String(status))}</Badge>
              ),
            },
            { name: 'Waiting', isNumber: true, cell: ({ waiting }) => String(waiting) },
            {
              name: 'Problem',
              cell: ({ problem, failing_seconds: seconds }) => (
                <>
                  {problem === undefined ? '–' : toLabel(String(problem))}
                  {typeof seconds === 'number' && (
                    <div class="quiet small">for {toDuration(seconds)}</div>
                  )}
                </>
              ),
            },
          ]}
        />
      )}
    </CheckCard>
  );
}
