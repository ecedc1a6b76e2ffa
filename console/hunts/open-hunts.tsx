import type { Overview } from '../../docs/client/broker-api.ts';
import { Badge, Lasting } from '../parts/marks.tsx';
import { toHref } from '../router.ts';
import { toCount } from '../words.ts';
import { HuntProgress } from './hunt-progress.tsx';

type Hunts = NonNullable<Overview['hunts']>;
type Hunt = Hunts['value'][number];

/** The operator's hunts that run, stand, or left customers out; nothing where there are none. */
export function OpenHunts({ hunts }: { hunts: Hunts | undefined }) {
  if (!hunts || (hunts.value.length === 0 && !hunts.unreadable)) return null;
  return (
    <section>
      <h2>Your hunts</h2>
      {hunts.unreadable && (
        <p class="notice bad" role="note">
          Your hunts could not be looked at just now. They may run, stand, or have left customers
          out.
        </p>
      )}
      {hunts.value.length > 0 && (
        <article class="card">
          <ul class="waiting">
            {hunts.value.map((hunt) => (
              <OpenHunt key={hunt.hunt_id} hunt={hunt} />
            ))}
          </ul>
        </article>
      )}
    </section>
  );
}

function OpenHunt({ hunt }: { hunt: Hunt }) {
  const { hunt_id, name, saved_query, created_at } = hunt;
  return (
    <li data-row>
      <div class="open-hunt">
        <a href={toHref(['hunts', hunt_id])}>{name ?? saved_query ?? 'Unnamed hunt'}</a>
        <p class="quiet small">{toAdvice(hunt)}</p>
      </div>
      <span class="quiet">
        for <Lasting since={created_at} />
      </span>
      <HuntProgress of={hunt} />
      <State of={hunt} />
    </li>
  );
}

function State({ of: { status, stalled, not_covered } }: { of: Hunt }) {
  if (stalled) return <Badge tone="bad">Stands</Badge>;
  if (status === 'running') return <Badge tone="calm">Running</Badge>;
  return <Badge tone="warn">{`${toCount(not_covered, 'customer')} not covered`}</Badge>;
}

/** Whose turn it is. */
function toAdvice({ status, stalled, not_covered, tenants }: Hunt): string {
  if (stalled && tenants.waiting > 0) {
    return `Microsoft lets ${toCount(tenants.waiting, 'customer')} wait. Wait, or cancel the hunt.`;
  }
  if (stalled) return 'Nobody is being asked. Look at timers and queues in System.';
  if (status !== 'running') {
    return 'What was not found there may still be there. Open the hunt to see who has to act.';
  }
  const rest = tenants.total - tenants.ended;
  const left = not_covered > 0 ? ` ${toCount(not_covered, 'customer')} not covered so far.` : '';
  return `${toCount(rest, 'customer')} to go.${left}`;
}
