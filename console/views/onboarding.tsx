import type { InvitationPage } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { Funnel } from '../invitations/funnel.tsx';
import { toInvitationColumns } from '../invitations/invitation-columns.tsx';
import { InviteMany } from '../invitations/invite-many.tsx';
import { InviteOne } from '../invitations/invite-one.tsx';
import { useLoaded } from '../load.ts';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Pager, usePages } from '../parts/pager.tsx';
import { Table } from '../parts/table.tsx';
import { route, setQuery } from '../router.ts';
import { hasRole } from '../session.ts';

const PAGE = 50;
const REFRESH_MS = 15_000;

/** Invitations on their way to customers. */
export function Onboarding() {
  const open = (dialog: string | undefined) => setQuery({ open: dialog });
  return (
    <Page
      title="Onboarding"
      question="Who was invited, how far are they, and who waits for you?"
      actions={
        hasRole('Tenants.Manage') && (
          <>
            <button type="button" onClick={() => open('many')}>
              Invite many
            </button>
            <button type="button" class="primary" onClick={() => open('one')}>
              Invite a customer
            </button>
          </>
        )
      }
    >
      <NeedsRole appRole="Tenants.Manage">
        <List close={() => open(undefined)} />
      </NeedsRole>
    </Page>
  );
}

function List({ close }: { close: () => void }) {
  const { query } = route.value;
  const status = query.get('status') || undefined;
  const pages = usePages(`${status}`);
  const page = useLoaded(
    `invitations ${status} ${pages.cursor}`,
    () =>
      call('listInvitations', {
        query: toQuery({
          status: status as InvitationPage['value'][number]['status'] | undefined,
          limit: PAGE,
          cursor: pages.cursor,
        }),
      }),
    { everyMs: REFRESH_MS },
  );
  const dialog = query.get('open');
  const closeAndReload = () => {
    close();
    page.reload();
  };
  return (
    <>
      <Content of={page}>
        {({ value, funnel, next_cursor }) => (
          <>
            <Funnel of={funnel} current={status ?? ''} />
            <Table
              caption="Invitations"
              columns={toInvitationColumns(page.reload)}
              rows={value}
              keyOf={({ invitation_id }) => invitation_id}
              empty={status ? 'No invitation stands at this step.' : 'Nobody is invited now.'}
            />
            <Pager pages={pages} next={next_cursor} />
          </>
        )}
      </Content>
      {dialog === 'one' && <InviteOne close={closeAndReload} />}
      {dialog === 'many' && <InviteMany close={closeAndReload} />}
    </>
  );
}
