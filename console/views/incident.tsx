import { useState } from 'preact/hooks';
import type { WholeIncident } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { IncidentChange } from '../parts/incident-change.tsx';
import { Age } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pair } from '../parts/pair.tsx';
import { Tags } from '../parts/tags.tsx';
import { TenantLink } from '../parts/tenant-link.tsx';
import { route, toHref } from '../router.ts';
import { hasRole } from '../session.ts';
import { toLabel } from '../words.ts';

/** One incident, read from the store; its raw JSON below. */
export function Incident() {
  const [, tenant = '', id = ''] = route.value.path;
  const incident = useLoaded(`incident ${tenant} ${id}`, () =>
    call('getIncident', { params: { tenant, id }, query: {} }),
  );
  return (
    <Page
      title={incident.data?.name ?? `Incident ${id}`}
      question="What is known, and who is on it?"
      back={<a href={toHref(['incidents'])}>Incidents</a>}
    >
      <NeedsRole appRole="Incidents.Read">
        <Content of={incident}>
          {(data) => <Details incident={data} reload={incident.reload} />}
        </Content>
      </NeedsRole>
    </Page>
  );
}

function Details({ incident, reload }: { incident: WholeIncident; reload: () => void }) {
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    reload();
  };
  return (
    <>
      <div class="actions">
        {hasRole('Incidents.Write') && (
          <button type="button" class="primary" onClick={() => setOpen(true)}>
            Change
          </button>
        )}
        <a class="button" href={incident.incident_url} target="_blank" rel="noreferrer">
          Open in the Defender portal
        </a>
      </div>
      <section class="card">
        <Facts incident={incident} />
      </section>
      <Comments incident={incident} />
      <details class="card">
        <summary>Microsoft's own JSON</summary>
        <pre>{JSON.stringify(incident.raw, undefined, 2)}</pre>
      </details>
      {isOpen && <IncidentChange incidents={[incident]} close={close} />}
    </>
  );
}

function Facts({ incident }: { incident: WholeIncident }) {
  return (
    <dl class="pairs">
      <Pair name="Customer">
        <TenantLink id={incident.tenant_id} name={incident.tenant_name} />
      </Pair>
      <Pair name="Severity">{toLabel(incident.severity)}</Pair>
      <Pair name="Status">{toLabel(incident.status)}</Pair>
      <Pair name="Classification">{toLabel(incident.classification ?? '–')}</Pair>
      <Pair name="Determination">{toLabel(incident.determination ?? '–')}</Pair>
      <Pair name="Assigned to">{incident.assigned_to ?? '–'}</Pair>
      <Pair name="Tags">
        <Tags of={incident.tags} />
      </Pair>
      <Pair name="Created">
        <Age of={incident.created_at} />
      </Pair>
      <Pair name="Updated">
        <Age of={incident.last_update_at} />
      </Pair>
    </dl>
  );
}

function Comments({ incident: { comments } }: { incident: WholeIncident }) {
  if (comments.length === 0) return null;
  return (
    <section class="card">
      <h2>Comments</h2>
      {comments.map(({ comment, created_by, created_at }) => (
        <p key={`${created_at} ${comment}`}>
          {comment} <span class="quiet small">{created_by}</span>{' '}
          <span class="quiet small">{created_at && <Age of={created_at} />}</span>
        </p>
      ))}
    </section>
  );
}
