import { useState } from 'preact/hooks';
import type { Caller } from '../../docs/client/broker-api.ts';
import { call, type Problem, toQuery } from '../api.ts';
import { useDraft } from '../drafts.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Conflict, listDifferences } from '../parts/conflict.tsx';
import { Choice, TextArea, TextField } from '../parts/fields.tsx';
import { ProblemNotice } from '../parts/page.tsx';
import { Simulator } from '../parts/simulator.tsx';
import { toHref } from '../router.ts';
import { parseRuleText, toRuleSentence, toRuleText } from '../rules.ts';

/** What is typed, and the version of the caller that it was typed over; a new one has none. */
interface Draft {
  readonly etag: string;
  readonly caller: string;
  readonly name: string;
  readonly mode: string;
  readonly text: string;
}

const NEW: Draft = { etag: '', caller: '', name: '', mode: 'enforce', text: '' };

/** The rules of a caller as text, in words below, and what they would give beside them. */
export function CallerEditor({
  caller,
  reload,
}: {
  /** `undefined`: one that is not there yet. */
  caller: Caller | undefined;
  reload: () => void;
}) {
  const [typed, setDraft, discard] = useDraft<Draft | undefined>(
    `caller ${caller?.caller ?? ''}`,
    undefined,
  );
  const draft = typed ?? (caller ? toDraft(caller) : NEW);
  const field = (name: keyof Draft) => ({
    value: draft[name],
    change: (value: string) => setDraft({ ...draft, [name]: value }),
  });
  return (
    <div class="cards">
      <section class="card form">
        <h2>Rules</h2>
        {!caller && (
          <TextField
            label="Client id of the tool, or object id of the person"
            {...field('caller')}
          />
        )}
        <TextField label="Name" {...field('name')} />
        <Choice label="Mode" options={['enforce', 'audit']} none={undefined} {...field('mode')} />
        <p class="quiet small">{MODES[draft.mode]}</p>
        <TextArea label="One rule a line" rows={6} {...field('text')} />
        <InWords text={draft.text} />
        <Save {...{ caller, draft, reload, discard }} />
      </section>
      <Simulator caller={draft.caller} />
    </div>
  );
}

const MODES: Readonly<Record<string, string>> = {
  enforce: 'What no rule allows is refused.',
  audit: 'Nothing is refused yet: what would be is shown here and in the log.',
};

function Save({
  caller,
  draft,
  reload,
  discard,
}: {
  caller: Caller | undefined;
  draft: Draft;
  reload: () => void;
  discard: () => void;
}) {
  const [problem, setProblem] = useState<Problem>();
  const save = async (etag: string) => {
    try {
      await putCaller(caller, draft, etag);
      discard();
      if (!caller) location.hash = toHref(['access', draft.caller.trim()]);
    } finally {
      reload();
    }
  };
  const button = {
    appRole: 'Policy.Manage',
    done: 'Saved; it counts everywhere within 5 seconds.',
    isPrimary: true,
    isDisabled: 'problem' in parseRuleText(draft.text),
    report: setProblem,
  };
  if (problem?.status !== 412) {
    return (
      <>
        {problem && <ProblemNotice problem={problem} />}
        <ActionButton label="Save" {...button} run={() => save(draft.etag)} />
      </>
    );
  }
  return (
    <Conflict problem={problem} differences={caller ? toDifferences(caller, draft) : []}>
      {caller ? (
        <>
          <ActionButton label="Save mine" {...button} run={() => save(caller.etag)} />
          <button type="button" onClick={discard}>
            Keep what is there
          </button>
        </>
      ) : (
        <a href={toHref(['access', draft.caller.trim()])}>Look at what is there</a>
      )}
    </Conflict>
  );
}

async function putCaller(caller: Caller | undefined, draft: Draft, etag: string): Promise<void> {
  const parsed = parseRuleText(draft.text);
  if ('problem' in parsed) return;
  await call('putCaller', {
    params: { client_id: draft.caller.trim() },
    headers: caller ? { 'if-match': etag } : { 'if-none-match': '*' },
    body: {
      ...toQuery({ display_name: draft.name || undefined }),
      mode: draft.mode === 'audit' ? 'audit' : 'enforce',
      // What the editor does not show stays as it is.
      client_secret: caller?.client_secret ?? false,
      ...(caller?.webhook_hosts && { webhook_hosts: caller.webhook_hosts }),
      rules: parsed.rules,
    },
  });
}

function toDraft({ etag, caller, display_name = '', mode, rules }: Caller): Draft {
  return { etag, caller, name: display_name, mode, text: toRuleText(rules) };
}

function toDifferences(caller: Caller, draft: Draft) {
  const theirs = toDraft(caller);
  return listDifferences({
    Name: [theirs.name, draft.name],
    Mode: [theirs.mode, draft.mode],
    Rules: [theirs.text, draft.text],
    ...(caller.blocked ? { Blocked: ['blocked', ''] } : {}),
  });
}

function InWords({ text }: { text: string }) {
  const parsed = parseRuleText(text);
  if ('problem' in parsed) return <p class="bad-text">{parsed.problem}</p>;
  if (parsed.rules.length === 0) return <p class="quiet">Without rules it may have nothing.</p>;
  return (
    <ul class="plain-list">
      {parsed.rules.map((rule) => (
        <li key={rule.id}>{toRuleSentence(rule)}</li>
      ))}
    </ul>
  );
}
