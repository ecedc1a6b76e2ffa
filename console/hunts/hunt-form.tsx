import { useState } from 'preact/hooks';
import { call, type Problem } from '../api.ts';
import { useDraft } from '../drafts.ts';
import type { Loaded } from '../load.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { TextArea, TextField } from '../parts/fields.tsx';
import { ProblemNotice } from '../parts/page.tsx';
import { toHref } from '../router.ts';
import {
  EMPTY_HUNT,
  type HuntDraft,
  type SavedQuery,
  TIMESPANS,
  toHuntBody,
  withSavedQuery,
} from './hunt-draft.ts';
import { SaveQuery } from './save-query.tsx';

/** Writes a query, or chooses a saved one, and asks it of customers. */
export function HuntForm({ queries }: { queries: Loaded<{ value: readonly SavedQuery[] }> }) {
  const [draft, setDraft, clear] = useDraft('hunt', EMPTY_HUNT);
  const [problem, setProblem] = useState<Problem>();
  const saved = queries.data?.value.find(({ name }) => name === draft.saved);
  const run = async () => {
    const { hunt_id } = await call('createHunt', { body: toHuntBody(draft, saved) });
    clear();
    location.hash = toHref(['hunts', hunt_id]);
  };
  return (
    <form class="card form hunt-form" onSubmit={(event) => event.preventDefault()}>
      <h2>New hunt</h2>
      <QueryFields draft={draft} change={setDraft} saved={saved} queries={queries.data?.value} />
      <Targets draft={draft} change={setDraft} />
      {problem && <ProblemNotice problem={problem} />}
      <div class="actions">
        <ActionButton
          label="Run the hunt"
          appRole="Hunting.Run"
          done="The hunt runs."
          isPrimary
          isDisabled={draft.query.trim() === ''}
          report={setProblem}
          run={run}
        />
        <SaveQuery draft={draft} saved={saved} reload={queries.reload} report={setProblem} />
      </div>
    </form>
  );
}

interface Part {
  readonly draft: HuntDraft;
  readonly change: (draft: HuntDraft) => void;
}

function QueryFields({
  draft,
  change,
  saved,
  queries = [],
}: Part & { saved: SavedQuery | undefined; queries: readonly SavedQuery[] | undefined }) {
  const choose = (name: string) =>
    change(
      withSavedQuery(
        draft,
        queries.find((query) => query.name === name),
      ),
    );
  return (
    <>
      {queries.length > 0 && (
        <label>
          Saved query
          <select value={draft.saved} onChange={(event) => choose(event.currentTarget.value)}>
            <option value="">None: write one below</option>
            {queries.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      {saved?.description && <p class="quiet small">{saved.description}</p>}
      <TextArea
        label="Query (KQL)"
        hint={
          'DeviceLogonEvents\n| where AccountName =~ "svc-backup"\n| project Timestamp, DeviceName'
        }
        rows={8}
        value={draft.query}
        change={(query) => change({ ...draft, query })}
      />
      {Object.keys(draft.parameters).map((name) => (
        <TextField
          key={name}
          label={`${name} (${saved?.parameters[name] ?? 'string'})`}
          value={draft.parameters[name] ?? ''}
          change={(value) =>
            change({ ...draft, parameters: { ...draft.parameters, [name]: value } })
          }
        />
      ))}
    </>
  );
}

function Targets({ draft, change }: Part) {
  const field = (name: 'tag' | 'tenants' | 'name') => ({
    value: draft[name],
    change: (value: string) => change({ ...draft, [name]: value }),
  });
  return (
    <div class="filters">
      <TextField label="Customers with the tag" hint="all customers" {...field('tag')} />
      <TextField label="Or these customers" hint="contoso.com, adatum.com" {...field('tenants')} />
      <label>
        Look at
        <select
          value={draft.timespan}
          onChange={(event) => change({ ...draft, timespan: event.currentTarget.value })}
        >
          {Object.entries(TIMESPANS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <TextField label="Name of the hunt" {...field('name')} />
    </div>
  );
}
