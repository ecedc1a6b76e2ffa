import type { Caller as CallerJson } from '../../docs/client/broker-api.ts';
import { call } from '../api.ts';
import { CallerEditor } from '../callers/caller-editor.tsx';
import { WouldBeRefused } from '../callers/would-be-refused.tsx';
import { type Loaded, useLoaded } from '../load.ts';
import { BlockButton } from '../parts/block-button.tsx';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Content, NeedsRole, Page } from '../parts/page.tsx';
import { route, toHref } from '../router.ts';
import { hasRole } from '../session.ts';

const QUESTION = 'What may it have, what would it get, what does it hold?';

/** One caller: what it may have, with the simulator beside the editor. */
export function Caller() {
  const id = route.value.path[1] ?? '';
  if (id === 'new') return <New />;
  return hasRole('Policy.Manage') ? <Existing id={id} /> : <Refused />;
}

function New() {
  return (
    <Page title="New caller" question={QUESTION} back={<Back />}>
      <NeedsRole appRole="Policy.Manage">
        <CallerEditor caller={undefined} reload={() => undefined} />
      </NeedsRole>
    </Page>
  );
}

function Refused() {
  return (
    <Page title="Caller" question={QUESTION} back={<Back />}>
      <NeedsRole appRole="Policy.Manage">{null}</NeedsRole>
    </Page>
  );
}

function Back() {
  return <a href={toHref(['access'])}>Access</a>;
}

function Existing({ id }: { id: string }) {
  const caller = useLoaded(`caller ${id}`, () => call('getCaller', { params: { client_id: id } }));
  const { data, reload } = caller;
  return (
    <Page
      title={data?.display_name ?? id}
      question={QUESTION}
      back={<Back />}
      actions={data && <BlockButton caller={data} reload={reload} />}
    >
      <Content of={caller}>{(known) => <Details caller={known} loaded={caller} />}</Content>
    </Page>
  );
}

function Details({ caller, loaded }: { caller: CallerJson; loaded: Loaded<CallerJson> }) {
  const { caller: id, blocked, mode } = caller;
  return (
    <>
      <p class="quiet small">
        Id <code>{id}</code>
      </p>
      {blocked && (
        <p class="notice bad">It is blocked: every request is refused, whatever its rules say.</p>
      )}
      <CallerEditor caller={caller} reload={loaded.reload} />
      {hasRole('Audit.Read') && mode === 'audit' && <WouldBeRefused caller={id} />}
      {hasRole('Audit.Read') && <Held id={id} />}
    </>
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
