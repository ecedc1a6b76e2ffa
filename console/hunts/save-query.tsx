import { useState } from 'preact/hooks';
import { call, type Problem } from '../api.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { TextField } from '../parts/fields.tsx';
import { type HuntDraft, type SavedQuery, toTypes, toTypesText } from './hunt-draft.ts';

interface Parts {
  readonly draft: HuntDraft;
  readonly saved: SavedQuery | undefined;
  readonly reload: () => void;
  readonly report: (problem: Problem | undefined) => void;
}

/** Puts the query into the library that all who hunt share, or takes the chosen one out. */
export function SaveQuery(parts: Parts) {
  const { draft, saved, reload, report } = parts;
  const [isOpen, setOpen] = useState(false);
  const remove = async () => {
    await call('deleteQuery', { params: { name: saved?.name ?? '' } });
    reload();
  };
  if (isOpen) return <Form {...parts} close={() => setOpen(false)} />;
  return (
    <>
      <button type="button" disabled={draft.query.trim() === ''} onClick={() => setOpen(true)}>
        Save the query
      </button>
      {saved && (
        <ActionButton
          label={`Remove ${saved.name}`}
          appRole="Hunting.Run"
          done="The saved query is gone."
          report={report}
          run={remove}
        />
      )}
    </>
  );
}

function Form({ draft, saved, reload, report, close }: Parts & { close: () => void }) {
  const [name, setName] = useState(saved?.name ?? '');
  const [description, setDescription] = useState(saved?.description ?? '');
  const [types, setTypes] = useState(toTypesText(saved));
  const save = async () => {
    const about = description.trim();
    await call('putQuery', {
      params: { name: name.trim() },
      body: {
        query: draft.query,
        parameters: toTypes(types),
        ...(about !== '' && { description: about }),
      },
    });
    reload();
    close();
  };
  return (
    <div class="filters save-query">
      <TextField label="Save as" hint="logons-of-account" value={name} change={setName} />
      <TextField label="What it finds" value={description} change={setDescription} />
      <TextField
        label="Parameters and their types"
        hint="account: string, since: datetime"
        value={types}
        change={setTypes}
      />
      <ActionButton
        label="Save"
        appRole="Hunting.Run"
        done="Saved for all who hunt."
        isDisabled={name.trim() === ''}
        report={report}
        run={save}
      />
      <button type="button" class="plain" onClick={close}>
        Cancel
      </button>
    </div>
  );
}
