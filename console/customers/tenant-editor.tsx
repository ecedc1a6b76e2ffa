import { useState } from 'preact/hooks';
import type { Tenant } from '../../docs/client/broker-api.ts';
import { call, type Problem } from '../api.ts';
import { useDraft } from '../drafts.ts';
import { ActionButton } from '../parts/action-button.tsx';
import { Conflict, listDifferences } from '../parts/conflict.tsx';
import { TextField } from '../parts/fields.tsx';
import { ProblemNotice } from '../parts/page.tsx';

/** What is typed, and the version of the customer that it was typed over. */
interface Draft {
  readonly isOpen: boolean;
  readonly etag: string;
  readonly name: string;
  readonly tags: string;
}

/** Name and tags of a customer, edited in place; what is typed survives a sign-in in between. */
export function TenantEditor({ tenant, reload }: { tenant: Tenant; reload: () => void }) {
  const closed: Draft = { isOpen: false, etag: '', name: '', tags: '' };
  const [draft, setDraft, close] = useDraft(`tenant ${tenant.tenant_id}`, closed);
  if (!draft.isOpen) {
    return (
      <button type="button" onClick={() => setDraft(toDraft(tenant))}>
        Edit name and tags
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
        body: { display_name: draft.name, tags: toTags(draft.tags) },
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
      <TextField label="Name" value={draft.name} change={(name) => setDraft({ ...draft, name })} />
      <TextField
        label="Tags, separated by spaces"
        value={draft.tags}
        change={(tags) => setDraft({ ...draft, tags })}
      />
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

function toDraft({ display_name = '', tags, etag }: Tenant): Draft {
  return { isOpen: true, etag, name: display_name, tags: tags.join(' ') };
}

function toTags(text: string): string[] {
  return text.split(/[\s,;]+/).filter(Boolean);
}

function toDifferences({ display_name = '', tags, status }: Tenant, draft: Draft) {
  return listDifferences({
    Name: [display_name, draft.name],
    Tags: [tags.join(' '), toTags(draft.tags).join(' ')],
    ...(status === 'disabled' || status === 'offboarded' ? { Status: [status, ''] } : {}),
  });
}
