import { call } from '../api.ts';
import { useLoaded } from '../load.ts';
import { LiveTokens } from '../parts/live-tokens.tsx';
import { Content } from '../parts/page.tsx';

const PAGE = 50;

/** What audit mode let a caller have, and an enforced policy would refuse. */
export function WouldBeRefused({ caller }: { caller: string }) {
  const found = useLoaded(`would be refused ${caller}`, () =>
    call('listIssuances', { query: { caller, would_be_denied: 'true', limit: PAGE } }),
  );
  return (
    <section>
      <h2>What would have been refused</h2>
      <Content of={found}>
        {({ value, next_cursor }) => (
          <>
            <LiveTokens
              tokens={value}
              empty="Audit mode let nothing pass that the rules would refuse."
            />
            {next_cursor && <p class="quiet">There are more: see Audit.</p>}
          </>
        )}
      </Content>
    </section>
  );
}
