import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Content, NeedsRole } from '../parts/page.tsx';

/** Who holds tokens of a customer that still work: Entra can't recall them. */
export function TenantTokens({ tenantId }: { tenantId: string }) {
  return (
    <section>
      <h2>Tokens alive</h2>
      <NeedsRole appRole="Audit.Read">
        <List tenantId={tenantId} />
      </NeedsRole>
    </section>
  );
}

function List({ tenantId }: { tenantId: string }) {
  const held = useLoaded(`tokens of ${tenantId}`, () =>
    call('listIssuances', { query: { tenant: tenantId, live: 'true' } }),
  );
  return (
    <Content of={held}>
      {({ value, next_cursor }) => (
        <>
          <LiveTokens tokens={value} empty="Nobody holds a token of this customer." />
          {next_cursor && <p class="quiet">There are more: see Audit.</p>}
        </>
      )}
    </Content>
  );
}
