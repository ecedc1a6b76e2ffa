import { useState } from 'preact/hooks';
import type { Invitation } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useDraft } from '../drafts.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextField } from '../parts/fields.tsx';
import { toBody } from './batch.ts';
import { DAYS, DaysField, toSeconds } from './days-field.tsx';
import { LinkCard } from './link-card.tsx';
import { guessLanguage } from './mail.ts';

const EMPTY = { tenant: '', name: '', note: '', days: DAYS };

/** Invites one customer; afterwards the link and a mail with it are there to be copied. */
export function InviteOne({ close }: { close: () => void }) {
  const [draft, setDraft, clear] = useDraft('invite', EMPTY);
  const [made, setMade] = useState<{ link: Invitation; tenant: string }>();
  const field = (name: keyof typeof EMPTY) => ({
    value: draft[name],
    change: (value: string) => setDraft({ ...draft, [name]: value }),
  });
  const run = async () => {
    const link = await call('createInvitation', { body: toBody(draft, toSeconds(draft.days)) });
    setMade({ link, tenant: draft.tenant });
    clear();
  };
  if (made) {
    return (
      <Dialog title="The invitation is ready" close={close}>
        <LinkCard link={made.link} guess={guessLanguage(made.tenant)} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Invite a customer" close={close}>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <TextField label="Domain or tenant id" hint="contoso.com" {...field('tenant')} />
        <TextField label="Name" hint="Contoso Ltd" {...field('name')} />
        <TextField label="Note for your colleagues" {...field('note')} />
        <DaysField {...field('days')} />
        <p class="quiet small">
          {draft.tenant.trim() === ''
            ? 'Without a domain anybody may open the link; who is not an administrator waits for your approval.'
            : 'Only administrators of this organisation can use the link.'}
        </p>
        <ActionButton
          label="Make the link"
          appRole="Tenants.Manage"
          done="The link is ready."
          isPrimary
          run={run}
        />
      </form>
    </Dialog>
  );
}
