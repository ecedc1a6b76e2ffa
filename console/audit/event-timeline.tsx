import { toHref } from '../router.ts';
import { type AuditEvent, shortenId, toDeed } from './event-words.ts';
import { type Moment, Timeline } from './timeline.tsx';

/** Audit events on a line of time. */
export function EventTimeline({ events, empty }: { events: readonly AuditEvent[]; empty: string }) {
  return <Timeline moments={events.map(toMoment)} empty={empty} />;
}

const ALARMING: readonly AuditEvent['act'][] = ['integrity.accept', 'credential.refused'];

function toMoment(event: AuditEvent): Moment {
  const { sequence, recorded_at: at, act, actor } = event;
  const tone = ALARMING.includes(act) ? 'bad' : actor === 'broker' ? 'quiet' : 'calm';
  return { key: String(sequence), at, tone, content: <What event={event} /> };
}

function What({ event }: { event: AuditEvent }) {
  const { sequence, actor, actor_name, detail, changes = [] } = event;
  return (
    <>
      <p>
        <strong title={actor}>{actor_name ?? (actor === 'broker' ? 'The broker' : actor)}</strong>{' '}
        {toDeed(event)}
        {detail && <span class="quiet"> ({detail.replaceAll('_', ' ')})</span>}{' '}
        <Whom event={event} />
      </p>
      {changes.length > 0 && (
        <ul class="changes small">
          {changes.map(({ field, before, after }) => (
            <li key={field}>
              <span class="quiet">{field.replaceAll('_', ' ')}</span> {before ?? '–'} →{' '}
              {after ?? '–'}
            </li>
          ))}
        </ul>
      )}
      <p class="quiet small">
        event {sequence}
        {event.subject && (
          <>
            {' · '}
            <span title={event.subject}>{shortenId(event.subject)}</span>
          </>
        )}
      </p>
    </>
  );
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
