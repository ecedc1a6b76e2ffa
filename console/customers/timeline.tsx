import { call } from '../api.ts';
import { EventTimeline } from '../audit/event-timeline.tsx';
import { useLoaded } from '../load.ts';
import { Content, NeedsRole } from '../parts/page.tsx';
import { toHref } from '../router.ts';

const MAX_EVENTS = 20;

/** What was done with a customer, the newest first. */
export function TenantTimeline({ tenantId, version }: { tenantId: string; version: string }) {
  return (
    <section>
      <h2>What happened</h2>
      <NeedsRole appRole="Audit.Read">
        <List tenantId={tenantId} version={version} />
      </NeedsRole>
    </section>
  );
}

function List({ tenantId, version }: { tenantId: string; version: string }) {
  const events = useLoaded(`events of ${tenantId} ${version}`, () =>
    call('listActs', { query: { tenant: tenantId, order: 'desc', limit: MAX_EVENTS } }),
  );
  return (
    <Content of={events}>
      {({ value, next_cursor }) => (
        <>
          <EventTimeline events={value} empty="Nothing was done with it." isOfOne />
          {next_cursor && (
            <p>
              <a href={toHref(['audit'], { tenant: tenantId, from: '2000-01-01T00:00' })}>
                Everything that happened
              </a>
            </p>
          )}
        </>
      )}
    </Content>
  );
}
