import type { Tenant } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Age, Lasting } from '../parts/marks.tsx';
import { Pair } from '../parts/pair.tsx';
import { toHref } from '../router.ts';
import { toLabel } from '../words.ts';
import { toApiName } from './capabilities.tsx';

/** How the customer's incidents are read. */
export function Sync({
  tenant: { sync, tenant_id, status },
  reload,
}: {
  tenant: Tenant;
  reload: () => void;
}) {
  if (!sync) return null;
  const { last_failure: failure } = sync;
  const other = sync.source === 'graph' ? 'defender-xdr' : 'graph';
  const switchSource = async () => {
    await call('patchTenant', { params: { tenant: tenant_id }, body: { incident_source: other } });
    reload();
  };
  return (
    <section class="card">
      <h2>Incidents</h2>
      <dl class="pairs">
        <Pair name="Read from">{toApiName(sync.source)}</Pair>
        <Pair name="Complete up to">
          <Age of={sync.complete_up_to} />
        </Pair>
        <Pair name="Next run">
          {sync.due_at ? new Date(sync.due_at).toLocaleTimeString() : '–'}
        </Pair>
      </dl>
      <p>
        <a href={toHref(['incidents'], { tenant: tenant_id })}>Its incidents</a>
      </p>
      {status !== 'offboarded' && (
        <ActionButton
          label={`Read from ${toApiName(other)}`}
          appRole="Tenants.Manage"
          done={`The next run reads from ${toApiName(other)}.`}
          run={switchSource}
        />
      )}
      {failure && (
        <div class="notice bad">
          <p>
            <strong>{failure.description}</strong> for <Lasting since={failure.since} />
          </p>
          <p>
            <span class="badge">{toLabel(failure.owner)}</span> {failure.remedy}
          </p>
        </div>
      )}
    </section>
  );
}
