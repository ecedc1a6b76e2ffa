import type { Caller as CallerJson } from '../../docs/client/broker-api.ts';
import { call, toQuery } from '../api.ts';
import { useDraft } from '../drafts.ts';
import { useLoaded } from '../load.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { BlockButton } from '../parts/block-button.tsx';
import { Choice, TextArea, TextField } from '../parts/fields.tsx';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { Simulator } from '../parts/simulator.tsx';
import { route, toHref } from '../router.ts';
import { parseRuleText, toRuleSentence, toRuleText } from '../rules.ts';
import { hasRole } from '../session.ts';

const NEW: Pick<CallerJson, 'caller' | 'mode' | 'rules' | 'client_secret' | 'webhook_hosts'> = {
  caller: '',
  mode: 'enforce',
  client_secret: false,
  rules: [],
};

/** One caller: what it may have, with the simulator beside the editor. */
export function Caller() {
  const id = route.value.path[1] ?? '';
  const isNew = id === 'new';
  return (
    <Page
      title={isNew ? 'New caller' : 'Caller'}
      question="What may it have, what would it get, what does it hold?"
    >
      <p>
        <a href={toHref(['access'])}>All callers</a>
      </p>
      <NeedsRole appRole="Policy.Manage">
        {isNew ? <Editor caller={NEW} reload={() => undefined} /> : <Existing id={id} />}
      </NeedsRole>
    </Page>
  );
}

function Existing({ id }: { id: string }) {
  const caller = useLoaded(`caller ${id}`, () => call('getCaller', { params: { client_id: id } }));
  return (
    <Content of={caller}>
      {(data) => (
        <>
          {data.blocked && (
            <p class="notice bad">
              It is blocked: every request is refused, whatever its rules say.
            </p>
          )}
          <p>
            <BlockButton caller={id} blocked={data.blocked} reload={caller.reload} />
          </p>
          <Editor caller={data} reload={caller.reload} />
          {hasRole('Audit.Read') && <Held id={id} />}
        </>
      )}
    </Content>
  );
}

function Held({ id }: { id: string }) {
  const held = useLoaded(`held ${id}`, () =>
    call('listIssuances', { query: { caller: id, live: 'true' } }),
  );
  return (
    <section>
      <h2>Tokens that it holds now</h2>
      <Content of={held}>{({ value }) => <LiveTokens tokens={value} />}</Content>
    </section>
  );
}

interface Draft {
  readonly caller: string;
  readonly name: string;
  readonly mode: string;
  readonly text: string;
}

function Editor({
  caller,
  reload,
}: {
  caller: typeof NEW & Pick<CallerJson, 'display_name'>;
  reload: () => void;
}) {
  const [draft, setDraft, clear] = useDraft<Draft>(`caller ${caller.caller}`, {
    caller: caller.caller,
    name: caller.display_name ?? '',
    mode: caller.mode,
    text: toRuleText(caller.rules),
  });
  const set = (name: keyof Draft) => (value: string) => setDraft({ ...draft, [name]: value });
  const field = (name: keyof Draft) => ({ value: draft[name], change: set(name) });
  const parsed = parseRuleText(draft.text);
  const save = async () => {
    if ('problem' in parsed) return;
    await call('putCaller', {
      params: { client_id: draft.caller },
      body: {
        ...toQuery({ display_name: draft.name || undefined }),
        mode: draft.mode === 'audit' ? 'audit' : 'enforce',
        // What the editor does not show stays as it is.
        client_secret: caller.client_secret,
        ...(caller.webhook_hosts && { webhook_hosts: caller.webhook_hosts }),
        rules: parsed.rules,
      },
    });
    clear();
    reload();
  };
  return (
    <div class="cards">
      <section class="card form">
        <h2>Rules</h2>
        {caller.caller === '' && (
          <TextField
            label="Client id of the tool, or object id of the person"
            {...field('caller')}
          />
        )}
        <TextField label="Name" {...field('name')} />
        <Choice label="Mode" options={['enforce', 'audit']} none="enforce" {...field('mode')} />
        <TextArea label="One rule a line" rows={6} {...field('text')} />
        <InWords text={draft.text} />
        {'rules' in parsed && (
          <ActionButton
            label="Save"
            appRole="Policy.Manage"
            done="Saved; it counts everywhere within 5 seconds."
            run={save}
          />
        )}
      </section>
      <Simulator caller={draft.caller} />
    </div>
  );
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
