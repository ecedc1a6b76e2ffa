import type { Tenant } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { Capability, toApiName } from '../customers/capabilities.tsx';
import { type Loaded, useLoaded } from '../load.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Age, Lasting, Status } from '../parts/marks.tsx';
import { Offboard } from '../parts/offboard.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pair } from '../parts/pair.tsx';
import { Tags } from '../parts/tags.tsx';
import { ConsentLinkButton, VerifyButton } from '../parts/tenant-actions.tsx';
import { route, toHref } from '../router.ts';
import { toLabel } from '../words.ts';

/** One customer: what was proven, what is read, what can be done. */
export function Customer() {
  const id = route.value.path[1] ?? '';
  const tenant = useLoaded(`tenant ${id}`, () => call('getTenant', { params: { tenant: id } }));
  const title = tenant.data?.display_name ?? id;
  return (
    <Page title={title} question="What is proven, what is read, and what can be done about it?">
      <p>
        <a href={toHref(['customers'])}>All customers</a>
      </p>
      <NeedsRole appRole="Tenants.Read">
        <Content of={tenant}>{(data) => <Details tenant={data} loaded={tenant} />}</Content>
      </NeedsRole>
    </Page>
  );
}

function Details({ tenant, loaded }: { tenant: Tenant; loaded: Loaded<Tenant> }) {
  const { reload } = loaded;
  return (
    <>
      <Actions tenant={tenant} reload={reload} />
      <div class="cards">
        <section class="card">
          <h2>State</h2>
          <dl class="pairs">
            <Pair name="Status">
              <Status of={tenant.status} />
            </Pair>
            <Pair name="Tenant id">
              <code>{tenant.tenant_id}</code>
            </Pair>
            <Pair name="Domain">{tenant.domain ?? '–'}</Pair>
            <Pair name="Tags">
              <Tags of={tenant.tags} />
            </Pair>
            <Pair name="Consented">
              <Age of={tenant.consented_at} />
            </Pair>
            <Pair name="Known since">
              <Age of={tenant.created_at} />
            </Pair>
          </dl>
          <LastError tenant={tenant} />
        </section>
        <section class="card">
          <h2>Proofs</h2>
          <Proofs tenant={tenant} />
        </section>
        <Sync tenant={tenant} reload={reload} />
      </div>
    </>
  );
}

function LastError({ tenant: { last_error } }: { tenant: Tenant }) {
  if (!last_error) return null;
  return (
    <div class="notice bad">
      <p>
        <strong>{last_error.description}</strong> <Age of={last_error.at} />
      </p>
      <p>
        <span class="badge">{toLabel(last_error.owner)}</span> {last_error.remedy}
      </p>
    </div>
  );
}

function Proofs({ tenant: { resources } }: { tenant: Tenant }) {
  const all = Object.entries(resources);
  if (all.length === 0) return <p class="quiet">Nothing was proven yet.</p>;
  return (
    <dl class="proofs">
      {all.map(([resource, proof]) => (
        <div key={resource}>
          <dt>
            {toApiName(resource)} <Capability proof={proof} />
          </dt>
          <dd class="small">
            {proof.roles_granted.join(', ') || 'Nothing is granted.'}
            {proof.roles_missing.length > 0 && (
              <div class="bad-text">Missing: {proof.roles_missing.join(', ')}</div>
            )}
            <div class="quiet">
              checked <Age of={proof.checked_at} />
            </div>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Sync({
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

function Actions({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const { tenant_id: id, status } = tenant;
  if (status === 'offboarded') return null;
  const isDisabled = status === 'disabled';
  const toggle = async () => {
    const body = { status: isDisabled ? ('active' as const) : ('disabled' as const) };
    await call('patchTenant', { params: { tenant: id }, body });
    reload();
  };
  return (
    <div class="actions">
      <VerifyButton tenantId={id} reload={reload} />
      <ConsentLinkButton tenantId={id} />
      <ActionButton
        label={isDisabled ? 'Enable' : 'Disable'}
        appRole="Tenants.Manage"
        done={isDisabled ? 'Enabled; the proof runs.' : 'Disabled everywhere within 5 seconds.'}
        run={toggle}
      />
      <Offboard tenant={tenant} reload={reload} />
    </div>
  );
}
