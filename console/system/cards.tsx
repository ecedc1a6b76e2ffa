import { Age, Badge } from '../parts/marks.tsx';
import { Pair } from '../parts/pair.tsx';
import { Table } from '../parts/table.tsx';
import { toCount, toDuration, toLabel } from '../words.ts';
import { CheckCard } from './check-card.tsx';
import { type Check, readNamedRecords, readNumber, readRecords, readText } from './findings.ts';

type Checks = Readonly<Record<string, Check>>;

/** An end that is nearer than this is shown as a warning. */
const SOON_DAYS = 30;

/** The client credential: its kind, its age, when it ends. */
export function Credential({ checks: { credential } }: { checks: Checks }) {
  const left = readNumber(credential, 'days_left');
  return (
    <CheckCard title="Client credential" check={credential}>
      <dl class="pairs">
        <Pair name="Kind">{toLabel(readText(credential, 'kind') ?? 'unknown')}</Pair>
        <Pair name="Ends">
          {left === undefined ? (
            'never'
          ) : (
            <Badge tone={left < SOON_DAYS ? 'bad' : 'good'}>{`in ${toCount(left, 'day')}`}</Badge>
          )}
        </Pair>
        <Pair name="In use since">{toDays(readNumber(credential, 'version_age_days'))}</Pair>
      </dl>
    </CheckCard>
  );
}

/** The keys that seal what rests in storage. */
export function KeyRing({ checks: { key_vault: check } }: { checks: Checks }) {
  return (
    <CheckCard title="Key ring" check={check}>
      <dl class="pairs">
        <Pair name="Keys">{readNumber(check, 'keys')?.toLocaleString() ?? '–'}</Pair>
        <Pair name="Newest key">{toDays(readNumber(check, 'newest_key_age_days'))}</Pair>
        <Pair name="Key that seals">{toDays(readNumber(check, 'sealing_key_age_days'))}</Pair>
      </dl>
    </CheckCard>
  );
}

function toDays(days: number | undefined): string {
  if (days === undefined) return '–';
  return days === 0 ? 'today' : `${toCount(days, 'day')} ago`;
}

/** What waits in each queue, and what failed for good. */
export function Queues({ checks: { queues: check } }: { checks: Checks }) {
  const queues = readNamedRecords(check, 'queues');
  return (
    <CheckCard title="Queues" check={check}>
      <Table
        isCompact
        caption="Queues"
        rows={queues}
        keyOf={([name]) => name}
        empty="No queue could be read."
        columns={[
          { name: 'Queue', cell: ([name]) => name },
          { name: 'Waiting', isNumber: true, cell: ([, { depth }]) => toFigure(depth) },
          {
            name: 'Poison',
            isNumber: true,
            cell: ([, { poison }]) =>
              poison ? <Badge tone="bad">{toFigure(poison)}</Badge> : toFigure(poison),
          },
        ]}
      />
    </CheckCard>
  );
}

/** When each timer last ran, and how late the next run is. */
export function Timers({ checks: { timers: check } }: { checks: Checks }) {
  return (
    <CheckCard title="Timers" check={check}>
      <Table
        isCompact
        caption="Timers"
        rows={readRecords(check, 'timers') ?? []}
        keyOf={({ name }) => String(name)}
        empty="No timer has run yet."
        columns={[
          { name: 'Timer', cell: ({ name }) => toLabel(String(name)) },
          { name: 'Last run', cell: ({ last_run }) => <Age of={String(last_run)} /> },
          { name: 'Late by', cell: ({ late_seconds }) => toLateness(late_seconds) },
        ]}
      />
    </CheckCard>
  );
}

function toLateness(seconds: unknown) {
  if (typeof seconds !== 'number' || seconds === 0) return <span class="quiet">on time</span>;
  return <Badge tone={seconds > 60 ? 'warn' : 'calm'}>{toDuration(seconds)}</Badge>;
}

function toFigure(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString() : '–';
}
