import { useState } from 'preact/hooks';
import type { Offboarding, Tenant } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { download } from '../download.ts';
import { hasRole } from '../session.ts';
import { toCount } from '../words.ts';
import { ActionButton } from './action-button.tsx';
import { Dialog } from './dialog.tsx';

/** Ends a customer: the name has to be typed first; afterwards there is a receipt to keep. */
export function Offboard({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (!hasRole('Tenants.Manage')) return null;
  const close = () => {
    setOpen(false);
    reload();
  };
  return (
    <>
      <button type="button" class="danger" onClick={() => setOpen(true)}>
        Offboard
      </button>
      {isOpen && (
        <Dialog title={`Offboard ${nameOf(tenant)}`} close={close}>
          <Confirmation tenant={tenant} />
        </Dialog>
      )}
    </>
  );
}

function Confirmation({ tenant }: { tenant: Tenant }) {
  const [typed, setTyped] = useState('');
  const [done, setDone] = useState<Offboarding>();
  const name = nameOf(tenant);
  if (done) return <Done offboarding={done} name={name} />;
  const run = async () =>
    setDone(await call('offboardTenant', { params: { tenant: tenant.tenant_id } }));
  return (
    <>
      <p>
        Everything that is kept about this customer is removed, but a tombstone. Tokens that tools
        hold work until they end: Entra can't recall them.
      </p>
      <label>
        Type <strong>{name}</strong> to confirm
        <input value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </label>
      <p>
        {typed === name && (
          <ActionButton label="Offboard" appRole="Tenants.Manage" done="Offboarded." run={run} />
        )}
      </p>
    </>
  );
}

function Done({ offboarding, name }: { offboarding: Offboarding; name: string }) {
  const { receipt, live_tokens, live_tokens_until } = offboarding;
  return (
    <>
      <p>{name} was offboarded.</p>
      {live_tokens.length > 0 && live_tokens_until && (
        <p>
          {toCount(live_tokens.length, 'token')} still works, until{' '}
          {new Date(live_tokens_until).toLocaleString()}.
        </p>
      )}
      {receipt && (
        <p>
          <button type="button" class="primary" onClick={() => save(receipt)}>
            Download the receipt
          </button>
        </p>
      )}
    </>
  );
}

function save(receipt: string): void {
  download([receipt], { name: 'offboarding-receipt.jws', type: 'application/jose' });
}

function nameOf({ display_name, tenant_id }: Tenant): string {
  return display_name ?? tenant_id;
}
