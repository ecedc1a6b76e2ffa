import type { InvitationPage } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Age, Badge, type Tone, Until } from '../parts/marks.tsx';
import type { Column } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toLabel } from '../words.ts';

type Invitation = InvitationPage['value'][number];

const TONES: Readonly<Record<Invitation['status'], Tone>> = {
  sent: 'calm',
  opened: 'calm',
  signed_in: 'calm',
  awaiting_approval: 'warn',
  verifying: 'calm',
  used: 'good',
  expired: 'bad',
  revoked: 'calm',
};

/** An invitation that can still be used. */
const OPEN: readonly Invitation['status'][] = ['sent', 'opened', 'signed_in', 'awaiting_approval'];

/** The columns of the list of invitations. */
export function toInvitationColumns(reload: () => void): readonly Column<Invitation>[] {
  return [
    { name: 'Customer', cell: (invitation) => <Invited of={invitation} /> },
    {
      name: 'Step',
      cell: ({ status, status_since }) => (
        <>
          <Badge tone={TONES[status]}>{toLabel(status)}</Badge>{' '}
          <span class="small quiet">
            <Age of={status_since} />
          </span>
        </>
      ),
    },
    { name: 'Sent', cell: ({ created_at }) => <Age of={created_at} /> },
    {
      name: 'Works until',
      cell: ({ status, expires_at }) =>
        OPEN.includes(status) ? <Until at={expires_at} /> : <span class="quiet">–</span>,
    },
    {
      name: 'What you can do',
      cell: (invitation) => <Actions of={invitation} reload={reload} />,
    },
  ];
}

function Invited({ of }: { of: Invitation }) {
  const { tenant_id, domain, display_name, note, used_by } = of;
  const id = used_by ?? tenant_id;
  const name = display_name ?? domain ?? id ?? 'Whoever opens it first';
  const rest = [domain ?? id, note].filter((text) => text && text !== name);
  return (
    <>
      {used_by ? <a href={toHref(['customers', used_by])}>{name}</a> : name}
      {rest.length > 0 && <div class="quiet small">{rest.join(' · ')}</div>}
    </>
  );
}

function Actions({ of, reload }: { of: Invitation; reload: () => void }) {
  const { invitation_id, status, claims } = of;
  if (!OPEN.includes(status)) return <span class="quiet">–</span>;
  const withdraw = async () => {
    await call('revokeInvitation', { params: { invitation_id } });
    reload();
  };
  return (
    <div class="row-actions">
      {claims.map((claim) => (
        <Claim key={claim.tenant_id} id={invitation_id} claim={claim} reload={reload} />
      ))}
      <ActionButton
        label="Withdraw"
        appRole="Tenants.Manage"
        done="Nobody can use the link any more."
        run={withdraw}
      />
    </div>
  );
}

/**
 * Somebody whose account holds no role that may consent: the operator knows whether it is the
 * customer.
 */
function Claim({
  id,
  claim,
  reload,
}: {
  id: string;
  claim: Invitation['claims'][number];
  reload: () => void;
}) {
  const { tenant_id, domain, user_name, claimed_at } = claim;
  const approve = async () => {
    const params = { invitation_id: id };
    await call('approveInvitation', { params, body: { tenant: tenant_id } });
    reload();
  };
  return (
    <div class="claim">
      <span>
        <strong>{user_name ?? 'Somebody'}</strong> of {domain ?? tenant_id} accepted{' '}
        <Age of={claimed_at} />
      </span>
      <ActionButton
        label={`Approve ${domain ?? tenant_id}`}
        appRole="Tenants.Manage"
        done="Approved; the proof begins."
        isPrimary
        run={approve}
      />
    </div>
  );
}
