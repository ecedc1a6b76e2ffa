import { toHref } from '../router.ts';
import { toLocalTime } from '../words.ts';
import { type AuditEvent, isHash, shortenId, toDeed } from './event-words.ts';
import { type Moment, Timeline } from './timeline.tsx';

/** Audit events on a line of time. */
export function EventTimeline({
  events,
  empty,
  isOfOne = false,
}: {
  events: readonly AuditEvent[];
  empty: string;
  /** They are all about the customer that the page is about. */
  isOfOne?: boolean;
}) {
  const moments = events.map((event) => toMoment(event, isOfOne));
  return <Timeline moments={moments} empty={empty} />;
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

const ALARMING: readonly AuditEvent['act'][] = ['integrity.accept', 'credential.refused'];

function toMoment(event: AuditEvent, isOfOne: boolean): Moment {
  const { sequence, recorded_at: at, act, actor } = event;
  const tone = ALARMING.includes(act) ? 'bad' : actor === 'broker' ? 'quiet' : 'calm';
  const content = <What event={event} isOfOne={isOfOne} />;
  return { key: String(sequence), at, tone, content };
}

function What({ event, isOfOne }: { event: AuditEvent; isOfOne: boolean }) {
  const { sequence, actor, actor_name, detail, subject } = event;
  const changes = (event.changes ?? []).filter((change) => !isRepeated(event, change));
  return (
    <>
      <p>
        <strong title={actor}>{actor_name ?? (actor === 'broker' ? 'The broker' : actor)}</strong>{' '}
        {toDeed(event)}
        {detail && <span class="quiet"> ({detail.replaceAll('_', ' ')})</span>}{' '}
        {!isOfOne && <Whom event={event} />}
      </p>
      {changes.length > 0 && (
        <ul class="changes small">
          {changes.map(({ field, before, after }) => (
            <li key={field}>
              <span class="quiet">{toFieldName(field)}</span>{' '}
              {!isCreation(event) && `${toValue(before)} → `}
              {toValue(after)}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet small">
        event {sequence}
        {subject && !isHash(subject) && ` · ${subject}`}
      </p>
    </>
  );
}

type Change = NonNullable<AuditEvent['changes']>[number];

/** What is new was nothing before. */
function isCreation({ act }: AuditEvent): boolean {
  return act.endsWith('.create');
}

/** The line above says who made it, and for whom. */
function isRepeated(event: AuditEvent, { field, after = '' }: Change): boolean {
  if (!isCreation(event)) return false;
  return field.endsWith('.created_by') || (field.endsWith('.tenant') && isHash(after));
}

/** `tenants.consented_at` as people read it. */
function toFieldName(field: string): string {
  return field.replace(/^[a-z]+\./, '').replaceAll('_', ' ');
}

function toValue(value: string | undefined): string {
  if (value === undefined) return '–';
  if (ISO_TIME.test(value)) return toLocalTime(value);
  return isHash(value) ? shortenId(value) : value;
}

function Whom({ event: { tenant_id, tenant_name, tenant_hash } }: { event: AuditEvent }) {
  if (tenant_id) return <a href={toHref(['customers', tenant_id])}>{tenant_name ?? tenant_id}</a>;
  if (!tenant_hash) return null;
  return (
    <span class="quiet" title={tenant_hash}>
      of a customer that is gone ({shortenId(tenant_hash)})
    </span>
  );
}
