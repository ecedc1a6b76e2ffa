import type { LogTable } from '../../shared/audit/row-state.ts';
import { createRowSeal } from '../../shared/azure/authority/row-seal.ts';
import { createChangeFeedTable, FEED } from '../../shared/azure/feed/change-feed-table.ts';
import { createLogInspectable } from '../../shared/azure/logs/inspection/inspect-logs.ts';
import type { LogGuard } from '../../shared/azure/logs/log-guard.ts';
import { odata } from '../../shared/azure/tables/odata.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';
import { createOutboxTable } from '../../shared/azure/webhooks/outbox-table.ts';
import type { Seal } from '../../shared/crypto/seal.ts';
import type { Log } from '../../shared/log.ts';
import type { Authority } from './authority.ts';

/** Wires the feed and the outboxes: what somebody else writes into them is answered to nobody. */
export function composeLogs(
  open: (name: string) => OpenTable,
  { seal, authority: { monitor }, log }: { seal: Seal; authority: Authority; log: Log },
) {
  const toGuard = (table: LogTable): LogGuard => {
    return { table, rows: createRowSeal(seal, table), monitor };
  };
  const place = (table: LogTable) => ({ open: open(table), guard: toGuard(table), now: Date.now });
  const [feed, outboxes] = [place('incidentchanges'), place('webhookoutbox')];
  const changeFeed = createChangeFeedTable(feed.open, log, feed.guard);
  return {
    changeFeed,
    outbox: createOutboxTable(outboxes.open, log, outboxes.guard),
    inspectables: {
      incidentchanges: createLogInspectable({
        ...feed,
        filter: odata`PartitionKey eq ${FEED}`,
        checkHead: changeFeed.bounds,
      }),
      webhookoutbox: createLogInspectable(outboxes),
    },
  };
}
