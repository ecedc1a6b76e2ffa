import { useState } from 'preact/hooks';
import { useDraft } from '../drafts.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { TextArea } from '../parts/fields.tsx';
import { toCount } from '../words.ts';
import { type Entry, inviteAll, parseEntries, type Results } from './batch.ts';
import { BatchResults } from './batch-results.tsx';
import { DAYS, DaysField, toSeconds } from './days-field.tsx';

const MAX_SHOWN = 5;
const EMPTY = { text: '', days: DAYS };

/** Invites a pasted list; each customer ends with a link or a reason. */
export function InviteMany({ close }: { close: () => void }) {
  const [draft, setDraft] = useDraft('invite many', EMPTY);
  const [sent, setSent] = useState<readonly Entry[]>();
  const [results, setResults] = useState<Results>([]);
  const entries = parseEntries(draft.text);
  const report = (now: Results) => {
    setResults(now);
    // What was invited leaves the list: sent once more, it would be invited twice.
    setDraft({ ...draft, text: toRest(entries, now) });
  };
  const run = async () => {
    setSent(entries);
    await inviteAll(entries, toSeconds(draft.days), report);
  };
  if (sent) {
    return (
      <Dialog title={`Invite ${toCount(sent.length, 'customer')}`} close={close} isWide>
        <BatchResults entries={sent} results={results} close={close} />
      </Dialog>
    );
  }
  return (
    <Dialog title="Invite many customers" close={close} isWide>
      <form class="form" onSubmit={(event) => event.preventDefault()}>
        <TextArea
          label="One customer a line: domain or tenant id, name, note, language"
          hint={'contoso.com, Contoso Ltd, Onboarding call, en\nadatum.de; Adatum GmbH'}
          rows={8}
          value={draft.text}
          change={(text) => setDraft({ ...draft, text })}
        />
        <DaysField value={draft.days} change={(days) => setDraft({ ...draft, days })} />
        <Preview entries={entries} />
        {entries.length > 0 && (
          <ActionButton
            label={`Invite ${toCount(entries.length, 'customer')}`}
            appRole="Tenants.Manage"
            done="Every customer of the list has a result."
            isPrimary
            run={run}
          />
        )}
      </form>
    </Dialog>
  );
}

/** How the list was understood. */
function Preview({ entries }: { entries: readonly Entry[] }) {
  if (entries.length === 0) {
    return <p class="quiet small">Paste from a spreadsheet, or write the lines with commas.</p>;
  }
  return (
    <ul class="plain-list small">
      {entries.slice(0, MAX_SHOWN).map(({ tenant, name, note, language }, index) => (
        <li key={`${index} ${tenant}`}>
          <strong>{tenant || 'Whoever opens it'}</strong> {[name, note].filter(Boolean).join(' · ')}{' '}
          <span class="quiet">mail in {language}</span>
        </li>
      ))}
      {entries.length > MAX_SHOWN && (
        <li class="quiet">and {toCount(entries.length - MAX_SHOWN, 'customer')} more</li>
      )}
    </ul>
  );
}

/** The lines that were not sent, or were refused. */
function toRest(entries: readonly Entry[], results: Results): string {
  return entries
    .filter((_, index) => {
      const kind = results[index]?.kind ?? 'waiting';
      return kind === 'waiting' || kind === 'failed';
    })
    .map(({ source }) => source.map(toPasted).join('\t'))
    .join('\n');
}

function toPasted(cell: string): string {
  return /["\t\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
