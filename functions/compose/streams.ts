import type { StreamTable } from '../../shared/audit/row-state.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createChangeFeedTable, FEED } from '../../shared/azure/feed/change-feed-table.ts';
import { createStreamInspectable } from '../../shared/azure/streams/inspection/inspect-streams.ts';
import type { StreamGuard } from '../../shared/azure/streams/stream-guard.ts';
import { odata } from '../../shared/azure/tables/odata.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createOutboxTable } from '../../shared/azure/webhooks/outbox-table.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';
import type { Authority } from './authority.ts';

/** Wires the feed and the outboxes: what somebody else writes into them is answered to nobody. */
export function composeStreams(
  open: (name: string) => OpenTable,
  { seal, authority: { monitor }, log }: { seal: Seal; authority: Authority; log: Log },
) {
  const toGuard = (table: StreamTable): StreamGuard => {
    return { table, rows: createRowSeal(seal, table), monitor };
  };
  const place = (table: StreamTable) => ({
    open: open(table),
    guard: toGuard(table),
    now: Date.now,
  });
  const [feed, outboxes] = [place('incidentchanges'), place('webhookoutbox')];
  const changeFeed = createChangeFeedTable(feed.open, log, feed.guard);
  return {
    changeFeed,
    outbox: createOutboxTable(outboxes.open, log, outboxes.guard),
    inspectables: {
      incidentchanges: createStreamInspectable({
        ...feed,
        filter: odata`PartitionKey eq ${FEED}`,
        checkHead: changeFeed.bounds,
      }),
      webhookoutbox: createStreamInspectable(outboxes),
    },
  };
}
