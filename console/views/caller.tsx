import { call } from '../api.ts';
import { CallerEditor } from '../callers/caller-editor.tsx';
import { useLoaded } from '../load.ts';
import { BlockButton } from '../parts/block-button.tsx';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { route, toHref } from '../router.ts';
import { hasRole } from '../session.ts';

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
        {isNew ? (
          <CallerEditor caller={undefined} reload={() => undefined} />
        ) : (
          <Existing id={id} />
        )}
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
            <BlockButton caller={data} reload={caller.reload} />
          </p>
          <CallerEditor caller={data} reload={caller.reload} />
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
      <Content of={held}>
        {({ value }) => <LiveTokens tokens={value} empty="It holds no token that still works." />}
      </Content>
    </section>
  );
}
