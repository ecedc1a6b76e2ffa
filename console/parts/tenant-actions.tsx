import { useState } from 'preact/hooks';
import { call } from '../api.ts';
import { ActionButton } from './action-button.tsx';
import { announce } from './announcer.tsx';
import { Dialog } from './dialog.tsx';

/** Proves a tenant by fresh tokens, now. */
export function VerifyButton({ tenantId, reload }: { tenantId: string; reload: () => void }) {
  const run = async () => {
    await call('verifyTenant', { params: { tenant: tenantId } });
    reload();
  };
  return <ActionButton label="Verify" appRole="Tenants.Manage" done="Verified." run={run} />;
}

/** Shows the link on which the customer's admin consents again. */
export function ConsentLinkButton({ tenantId }: { tenantId: string }) {
  const [url, setUrl] = useState<string>();
  const run = async () => {
    const tenant = await call('getTenant', { params: { tenant: tenantId } });
    const invited = tenant.consent_url ?? (await invite(tenantId));
    setUrl(invited);
  };
  return (
    <>
      <ActionButton
        label="Consent link"
        appRole="Tenants.Manage"
        done="The link is ready."
        run={run}
      />
      {url !== undefined && <LinkDialog url={url} close={() => setUrl(undefined)} />}
    </>
  );
}

async function invite(tenantId: string): Promise<string> {
  return (await call('createInvitation', { body: { tenant: tenantId } })).consent_url;
}

/** A link to copy. */
function LinkDialog({ url, close }: { url: string; close: () => void }) {
  const copy = async () => {
    await navigator.clipboard.writeText(url);
    announce('The link was copied.');
  };
  return (
    <Dialog title="Consent link" close={close}>
      <p>Send this link to an administrator of the customer. It shows what you ask for first.</p>
      <input class="wide" readOnly value={url} aria-label="Consent link" />
      <p>
        <button type="button" class="primary" onClick={() => void copy()}>
          Copy the link
        </button>
      </p>
    </Dialog>
  );
}
