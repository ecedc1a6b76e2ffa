import type { Caller } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { BlockButton } from '../parts/block-button.tsx';
import { Age, Badge } from '../parts/marks.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toRuleSentence } from '../rules.ts';

/** Every caller that has grants, with its rules in words. */
export function Access() {
  return (
    <Page
      title="Access"
      question="Which tool may have what of whom?"
      actions={
        <a class="button" href={toHref(['access', 'new'])}>
          Add a caller
        </a>
      }
    >
      <NeedsRole appRole="Policy.Manage">
        <List />
      </NeedsRole>
    </Page>
  );
}

function List() {
  const callers = useLoaded('callers', () => call('listCallers', {}));
  return (
    <Content of={callers}>
      {({ value }) => (
        <Table
          caption="Callers"
          columns={toColumns(callers.reload)}
          rows={value}
          keyOf={({ caller }) => caller}
          empty="No caller has grants: nothing is allowed by default."
        />
      )}
    </Content>
  );
}

const toColumns = (reload: () => void): readonly Column<Caller>[] => [
  {
    name: 'Caller',
    cell: ({ caller, display_name }) => (
      <>
        <a href={toHref(['access', caller])}>{display_name ?? caller}</a>
        {display_name && <div class="quiet small">{caller}</div>}
      </>
    ),
  },
  {
    name: 'Mode',
    cell: ({ mode, blocked }) =>
      blocked ? (
        <Badge tone="bad">blocked</Badge>
      ) : mode === 'audit' ? (
        <Badge tone="warn">audit only</Badge>
      ) : (
        <Badge tone="good">enforced</Badge>
      ),
  },
  {
    name: 'Rules',
    cell: ({ rules }) => (
      <ul class="plain-list">
        {rules.map((rule) => (
          <li key={rule.id}>{toRuleSentence(rule)}</li>
        ))}
      </ul>
    ),
  },
  { name: 'Changed', cell: ({ updated_at }) => <Age of={updated_at} /> },
  {
    name: 'Block',
    cell: (caller) => <BlockButton caller={caller} reload={reload} />,
  },
];
