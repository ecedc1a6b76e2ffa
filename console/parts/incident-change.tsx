import { useState } from 'preact/hooks';
import type { Incident } from '../../docs/client/broker-api.ts';
import { DETERMINATIONS, UPDATE_STATUSES } from '../../shared/incidents/incident-update.ts';
import { type Changes, changeIncidents, type Result } from '../change-incidents.ts';
import { useDraft } from '../drafts.ts';
import { Dialog } from './dialog.tsx';
import { Choice, TextArea, TextField } from './fields.tsx';

const NOTHING: Changes = {
  status: '',
  assigned_to: '',
  classification: '',
  determination: '',
  comment: '',
};

/** Changes incidents at Microsoft, one after the other, and says what became of each. */
export function IncidentChange({
  incidents,
  close,
}: {
  incidents: readonly Incident[];
  close: () => void;
}) {
  const [results, setResults] = useState<ReadonlyMap<Incident, Result>>();
  return (
    <Dialog title={`Change ${incidents.length} incident(s)`} close={close}>
      {results ? (
        <Results incidents={incidents} results={results} close={close} />
      ) : (
        <Form incidents={incidents} report={setResults} />
      )}
    </Dialog>
  );
}

function Form({
  incidents,
  report,
}: {
  incidents: readonly Incident[];
  report: (results: ReadonlyMap<Incident, Result>) => void;
}) {
  const [draft, setDraft, clear] = useDraft('incident change', NOTHING);
  const set = (name: keyof Changes) => (value: string) => setDraft({ ...draft, [name]: value });
  const send = async () => {
    const results = await changeIncidents(incidents, draft, report);
    // What was refused is tried again with the same words.
    if ([...results.values()].every(({ kind }) => kind.endsWith('changed'))) clear();
  };
  const isEmpty = Object.values(draft).every((value) => value === '');
  const field = (name: keyof Changes) => ({ value: draft[name], change: set(name) });
  return (
    <form
      class="form"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <Choice label="Status" options={UPDATE_STATUSES} none="As it is" {...field('status')} />
      <TextField label="Assign to" hint="analyst@partner.example" {...field('assigned_to')} />
      <Choice
        label="Classification"
        options={Object.keys(DETERMINATIONS)}
        none="As it is"
        {...field('classification')}
      />
      <Choice
        label="Determination"
        options={findDeterminations(draft.classification)}
        none="As it is"
        {...field('determination')}
      />
      <TextArea label="Comment" {...field('comment')} />
      <p class="quiet small">Each incident is read again from Microsoft before it is changed.</p>
      <button type="submit" class="primary" disabled={isEmpty}>
        Change
      </button>
    </form>
  );
}

/** What an incident of this classification may be determined as. */
function findDeterminations(classification: string): readonly string[] {
  return Object.entries(DETERMINATIONS).find(([name]) => name === classification)?.[1] ?? [];
}

function Results({
  incidents,
  results,
  close,
}: {
  incidents: readonly Incident[];
  results: ReadonlyMap<Incident, Result>;
  close: () => void;
}) {
  const isDone = incidents.every((incident) => isFinal(results.get(incident)));
  return (
    <>
      <ul class="plain-list" aria-live="polite">
        {incidents.map((incident) => (
          <li key={`${incident.tenant_id} ${incident.incident_id}`}>
            {nameOf(incident)}: {toSentence(results.get(incident))}
          </li>
        ))}
      </ul>
      <p>
        <button type="button" class="primary" disabled={!isDone} onClick={close}>
          Done
        </button>
      </p>
    </>
  );
}

/** Ids repeat from customer to customer. */
function nameOf(incident: Incident & { readonly tenant_name?: string }): string {
  return `${incident.incident_id} at ${incident.tenant_name ?? incident.tenant_id}`;
}

function isFinal(result: Result | undefined): boolean {
  return result !== undefined && result.kind !== 'waiting' && result.kind !== 'running';
}

function toSentence(result: Result | undefined): string {
  switch (result?.kind) {
    case 'changed':
      return 'changed.';
    case 'unchanged':
      return 'somebody changed it already; nothing was sent.';
    case 'unknown':
      return `unknown. ${result.text}`;
    case 'failed':
      return `not changed. ${result.text}`;
    case 'running':
      return 'is changed now…';
    default:
      return 'waits.';
  }
}
