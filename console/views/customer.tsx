import type { Tenant } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { TenantActions } from '../customers/actions.tsx';
import { Proofs } from '../customers/proofs.tsx';
import { Sync } from '../customers/sync.tsx';
import { TenantEditor } from '../customers/tenant-editor.tsx';
import { TenantTimeline } from '../customers/timeline.tsx';
import { TenantTokens } from '../customers/tokens.tsx';
import { useLoaded } from '../load.ts';
import { Age, Status } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pair } from '../parts/pair.tsx';
import { Tags } from '../parts/tags.tsx';
import { route, toHref } from '../router.ts';
import { hasRole } from '../session.ts';
import { toLabel } from '../words.ts';

/** One customer: what was proven, what is read, what happened, what can be done. */
export function Customer() {
  const id = route.value.path[1] ?? '';
  const tenant = useLoaded(`tenant ${id}`, () => call('getTenant', { params: { tenant: id } }));
  const title = tenant.data?.display_name ?? id;
  return (
    <Page
      title={title}
      question="What is proven, what is read, and what can be done about it?"
      back={<a href={toHref(['customers'])}>Customers</a>}
      actions={tenant.data && <TenantActions tenant={tenant.data} reload={tenant.reload} />}
    >
      <NeedsRole appRole="Tenants.Read">
        <Content of={tenant}>{(data) => <Details tenant={data} reload={tenant.reload} />}</Content>
      </NeedsRole>
    </Page>
  );
}

function Details({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  return (
    <>
      <LastError tenant={tenant} />
      <div class="cards flowing">
        <State tenant={tenant} reload={reload} />
        <section class="card">
          <h2>Proofs</h2>
          <Proofs tenant={tenant} />
        </section>
        <Sync tenant={tenant} reload={reload} />
      </div>
      <TenantTokens tenantId={tenant.tenant_id} />
      <TenantTimeline tenantId={tenant.tenant_id} version={tenant.etag} />
    </>
  );
}

function State({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const mayEdit = hasRole('Tenants.Manage') && tenant.status !== 'offboarded';
  return (
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
      {mayEdit && <TenantEditor tenant={tenant} reload={reload} />}
    </section>
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
