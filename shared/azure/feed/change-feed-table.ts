import * as v from 'valibot';
import { findGuid } from '../../guid.ts';
import type { ChangeFeed, IncidentChange } from '../../incidents/feed/change-feed.ts';
import { shorten } from '../../incidents/shorten.ts';
import type { Log } from '../../log.ts';
import { parseIncidentProperties, toIncidentProperties } from '../incidents/stored-incident.ts';
import { createStream, type StreamMapping } from '../streams/stream.ts';
import type { StreamGuard } from '../streams/stream-guard.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type OpenTable, parseReadable } from '../tables/table-store.ts';

const rowSchema = v.object({
  kind: v.picklist(['created', 'updated', 'merged']),
  tenantId: v.string(),
  recordedAt: v.date(),
});

/** The one partition of the feed. */
export const FEED = 'feed';

/**
 * The table `incidentchanges`: one partition in the order of its numbers, each change with the
 * incident as it was then (of one with more than some 200 KB of comments, the last ones).
 */
export function createChangeFeedTable(open: OpenTable, log: Log, guard?: StreamGuard): ChangeFeed {
  const mapping: StreamMapping<IncidentChange> = {
    toProperties: ({ kind, incident }) => ({
      kind,
      tenantId: incident.tenantId,
      ...(toIncidentProperties(incident) ?? toIncidentProperties(shorten(incident))),
    }),
    parseRows: (rows) => parseReadable(rows, (row) => [row, parseChange(row)] as const, log),
  };
  const changes = createStream({ open, partition: FEED, guard, isKept: true }, mapping);
  return {
    append: changes.append,
    async read(after, limit) {
      const { entries, unreadable, position } = await changes.read(after, limit);
      return {
        changes: entries.map(({ sequence, entry }) => ({ sequence, ...entry })),
        unreadable: unreadable.map(({ sequence, entry }) => ({
          sequence,
          tenantId: typeof entry?.tenantId === 'string' ? findGuid(entry.tenantId) : undefined,
        })),
        position,
      };
    },
    bounds: changes.bounds,
    removeTenant: (tenantId) => changes.removeMatching(odata`tenantId eq ${tenantId}`),
    removeBefore: changes.removeBefore,
  };
}

function parseChange(row: ReadRow): IncidentChange {
  const { kind, tenantId, recordedAt } = v.parse(rowSchema, row);
  const incident = parseIncidentProperties(row);
  // A caller that may see the one tenant must not see the other's incident.
  if (incident.tenantId !== tenantId) throw new Error("A row holds another tenant's incident.");
  return { kind, incident, recordedAt: recordedAt.getTime() };
}
