import type { Inspectable } from '../../../authority/inspection.ts';
import type { ReadRow } from '../../tables/row.ts';
import { refuseRow, toStreamKey } from '../stream-guard.ts';
import { HEAD } from '../stream-keys.ts';
import { acceptStreams, discardEntries } from './accept-streams.ts';
import { replaceRows } from './sign-rows.ts';
import {
  type StreamTableParts,
  type WalkedRow,
  type WalkedStream,
  walkStreams,
} from './walk-streams.ts';

/** Rows of one look that are named: more than anybody looks through. */
const MAX_FINDINGS = 100;

/** Creates the look at all streams of a table. */
export function createStreamInspectable(parts: StreamTableParts): Inspectable {
  return {
    async inspect() {
      const known = new Set(listKnown(parts));
      let count = 0;
      let named = 0;
      const streams = await walkStreams(parts, async (page) => {
        count += page.length;
        await signAnew(parts, page);
        for (const { row, problem } of page) {
          if (!problem || row.rowKey === HEAD) continue;
          known.delete(toStreamKey(row));
          if (named++ < MAX_FINDINGS) refuseRow(parts.guard, row, problem);
        }
      });
      for (const stream of streams) if (reportHead(parts, stream)) known.delete(toHeadKey(stream));
      // What was found before and is in order now, or gone.
      for (const key of known) parts.guard.monitor.clear(parts.guard.table, key);
      return count;
    },
    accept: (isMeant) => acceptStreams(parts, isMeant),
    discard: (isMeant) => discardEntries(parts, isMeant),
  };
}

function listKnown({ guard: { monitor, table } }: StreamTableParts): readonly string[] {
  return monitor.list().flatMap((finding) => (finding.table === table ? [finding.key] : []));
}

function toHeadKey({ partition }: WalkedStream): string {
  return toStreamKey({ partitionKey: partition, rowKey: HEAD });
}

/** Answers whether something is wrong with it. */
function reportHead({ guard }: StreamTableParts, stream: WalkedStream): boolean {
  if (!stream.headProblem) return false;
  const keys = { partitionKey: stream.partition, rowKey: HEAD };
  refuseRow(guard, stream.head ?? keys, stream.headProblem);
  return true;
}

/** Before the key of its MAC leaves the ring. */
async function signAnew(
  { open, guard }: StreamTableParts,
  page: readonly WalkedRow[],
): Promise<void> {
  const { rows } = guard;
  const old: ReadRow[] = [];
  for (const { row, problem } of page) if (!problem && (await rows.isOld(row))) old.push(row);
  await replaceRows({ open, guard }, old);
}
