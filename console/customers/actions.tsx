import type { Tenant } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Offboard } from '../parts/offboard.tsx';
import { ConsentLinkButton, VerifyButton } from '../parts/tenant-actions.tsx';

/** What can be done with a customer. */
export function TenantActions({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const { tenant_id: id, etag, status } = tenant;
  if (status === 'offboarded') return null;
  const isDisabled = status === 'disabled';
  const toggle = async () => {
    const body = { status: isDisabled ? ('active' as const) : ('disabled' as const) };
    const headers = { 'if-match': etag };
    await call('patchTenant', { params: { tenant: id }, headers, body }).finally(reload);
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
