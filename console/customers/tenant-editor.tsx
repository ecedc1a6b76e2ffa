import { useState } from 'preact/hooks';
import type { Tenant } from '../../docs/client/broker-api.ts';
import {
  SETTINGS,
  type SettingKind,
  type SettingsInput,
  toSettingText,
} from '../../shared/tenants/tenant-settings.ts';
import { call, type Problem } from '../api.ts';
import { useDraft } from '../drafts.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Conflict, listDifferences } from '../parts/conflict.tsx';
import { TextField } from '../parts/fields.tsx';
import { ProblemNotice } from '../parts/page.tsx';

/** What is typed, by setting, and the version of the customer that it was typed over. */
interface Draft {
  readonly isOpen: boolean;
  readonly etag: string;
  readonly texts: Readonly<Record<string, string>>;
}

/** The settings of a customer, edited in place; what is typed survives a sign-in in between. */
export function TenantEditor({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const closed: Draft = { isOpen: false, etag: '', texts: {} };
  const [draft, setDraft, close] = useDraft(`settings ${tenant.tenant_id}`, closed);
  if (!draft.isOpen) {
    return (
      <button type="button" onClick={() => setDraft(toDraft(tenant))}>
        Edit settings
      </button>
    );
  }
  return <Form {...{ tenant, reload, draft, setDraft, close }} />;
}

function Form({
  tenant,
  reload,
  draft,
  setDraft,
  close,
}: {
  tenant: Tenant;
  reload: () => void;
  draft: Draft;
  setDraft: (draft: Draft) => void;
  close: () => void;
}) {
  const [problem, setProblem] = useState<Problem>();
  const save = async (etag: string) => {
    try {
      await call('patchTenant', {
        params: { tenant: tenant.tenant_id },
        headers: { 'if-match': etag },
        body: toBody(draft),
      });
      close();
    } finally {
      reload();
    }
  };
  const isConflict = problem?.status === 412;
  const parts = { appRole: 'Tenants.Manage', done: 'Saved.', isPrimary: true, report: setProblem };
  return (
    <div class="form">
      {SETTINGS.map(({ name, kind, label }) => (
        <TextField
          key={name}
          label={kind === 'words' ? `${label}, separated by spaces` : label}
          value={draft.texts[name] ?? ''}
          change={(text) => setDraft({ ...draft, texts: { ...draft.texts, [name]: text } })}
        />
      ))}
      {problem && !isConflict && <ProblemNotice problem={problem} />}
      {problem && isConflict ? (
        <Conflict problem={problem} differences={toDifferences(tenant, draft)}>
          <ActionButton label="Save mine" {...parts} run={() => save(tenant.etag)} />
          <button type="button" onClick={close}>
            Keep what is there
          </button>
        </Conflict>
      ) : (
        <div class="actions">
          <ActionButton label="Save" {...parts} run={() => save(draft.etag)} />
          <button type="button" onClick={close}>
            Cancel
          </button>
        </div>
      )}
    </div>
  );
}

function toDraft(tenant: Tenant): Draft {
  return { isOpen: true, etag: tenant.etag, texts: toTexts(tenant) };
}

function toTexts(tenant: Tenant): Draft['texts'] {
  return Object.fromEntries(SETTINGS.map(({ name }) => [name, toSettingText(tenant[name])]));
}

/** What is empty is taken back where that can be; a text can't. */
function toBody({ texts }: Draft): SettingsInput {
  return Object.fromEntries(
    SETTINGS.map(({ name, kind }) => [name, toValue(kind, texts[name] ?? '')]),
  );
}

function toValue(kind: SettingKind, text: string) {
  if (kind === 'words') return toWords(text);
  return kind === 'number' ? toNumber(text) : text;
}

/** What is no number goes to the API as it is, which says so: `NaN` would take the value back. */
function toNumber(text: string) {
  if (text.trim() === '') return null;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}

function toWords(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

function toDifferences(tenant: Tenant, draft: Draft) {
  const { status } = tenant;
  const theirs = toTexts(tenant);
  const settings = SETTINGS.map(({ name, kind, label }) => {
    const typed = draft.texts[name] ?? '';
    const mine = kind === 'words' ? toWords(typed).join(' ') : typed;
    return [label, [theirs[name] ?? '', mine]] as const;
  });
  return listDifferences({
    ...Object.fromEntries(settings),
    ...(status === 'disabled' || status === 'offboarded' ? { Status: [status, ''] } : {}),
  });
}
