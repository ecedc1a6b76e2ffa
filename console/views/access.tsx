import type { Caller } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { type Held, useHeld } from '../callers/held.tsx';
import { useLoaded } from '../load.ts';
import { BlockButton } from '../parts/block-button.tsx';
import { Age, Badge } from '../parts/marks.tsx';
import { Content, NeedsRole, Page, ProblemNotice } from '../parts/page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { toHref } from '../router.ts';
import { toRuleSentence } from '../rules.ts';
import { toCount } from '../words.ts';

/** Every caller that has grants, with its rules in words and what it holds. */
export function Access() {
  return (
    <Page
      title="Access"
      question="Which tool may have what of whom, and what does it hold now?"
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
  const held = useHeld();
  return (
    <Content of={callers}>
      {({ value }) => (
        <>
          {held.problem && <ProblemNotice problem={held.problem} retry={held.reload} />}
          <Table
            caption="Callers"
            columns={toColumns(callers.reload, held.data)}
            rows={value}
            keyOf={({ caller }) => caller}
            empty="No caller has grants: nothing is allowed by default."
          />
          {held.data?.isMore && (
            <p class="quiet small">There are more tokens than were counted: see Audit.</p>
          )}
        </>
      )}
    </Content>
  );
}

function toColumns(reload: () => void, held: Held | undefined): readonly Column<Caller>[] {
  return [
    {
      name: 'Caller',
      cell: ({ caller, display_name }) => (
        <>
          <a class="name" href={toHref(['access', caller])}>
            {display_name ?? caller}
          </a>
          {display_name && <div class="quiet small whole-id">{caller}</div>}
        </>
      ),
    },
    { name: 'Mode', cell: (caller) => <Mode {...caller} /> },
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
    ...(held ? [toHeldColumn(held)] : []),
    { name: 'Changed', cell: ({ updated_at }) => <Age of={updated_at} /> },
    { name: 'Block', cell: (caller) => <BlockButton caller={caller} reload={reload} /> },
  ];
}

function Mode({ mode, blocked }: Pick<Caller, 'mode' | 'blocked'>) {
  if (blocked) return <Badge tone="bad">blocked</Badge>;
  if (mode === 'audit') return <Badge tone="warn">audit only</Badge>;
  return <Badge tone="good">enforced</Badge>;
}

/** Tokens that work now, and what an enforced policy would have refused in a week. */
function toHeldColumn({ alive, wouldBeRefused }: Held): Column<Caller> {
  return {
    name: 'Tokens alive',
    cell: ({ caller }) => {
      const refused = wouldBeRefused.get(caller) ?? 0;
      return (
        <>
          {alive.has(caller) ? (
            <a href={toHref(['audit'], { kind: 'tokens', caller, only: 'alive' })}>
              {(alive.get(caller) ?? 0).toLocaleString()}
            </a>
          ) : (
            <span class="quiet">none</span>
          )}
          {refused > 0 && (
            <div class="small">
              <a href={toHref(['access', caller])}>{toCount(refused, 'token')} would be refused</a>
            </div>
          )}
        </>
      );
    },
  };
}
