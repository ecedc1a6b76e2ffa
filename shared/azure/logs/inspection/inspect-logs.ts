import type { Inspectable } from '../../../authority/inspection.ts';
import type { ReadRow } from '../../tables/row.ts';
import { refuseRow, toLogKey } from '../log-guard.ts';
import { HEAD } from '../log-keys.ts';
import { acceptLogs, discardEntries } from './accept-logs.ts';
import { replaceRows } from './sign-rows.ts';
import { type LogTableParts, type WalkedLog, type WalkedRow, walkLogs } from './walk-logs.ts';

/** Rows of one look that are named: more than anybody looks through. */
const MAX_FINDINGS = 100;

/** Creates the look at all logs of a table. */
export function createLogInspectable(parts: LogTableParts): Inspectable {
  return {
    async inspect() {
      const known = new Set(listKnown(parts));
      let count = 0;
      let named = 0;
      const logs = await walkLogs(parts, async (page) => {
        count += page.length;
        await signAnew(parts, page);
        for (const { row, problem } of page) {
          if (!problem || row.rowKey === HEAD) continue;
          known.delete(toLogKey(row));
          if (named++ < MAX_FINDINGS) refuseRow(parts.guard, row, problem);
        }
      });
      for (const log of logs) if (reportHead(parts, log)) known.delete(toHeadKey(log));
      // What was found before and is in order now, or gone.
      for (const key of known) parts.guard.monitor.clear(parts.guard.table, key);
      return count;
    },
    accept: (isMeant) => acceptLogs(parts, isMeant),
    discard: (isMeant) => discardEntries(parts, isMeant),
  };
}

function listKnown({ guard: { monitor, table } }: LogTableParts): readonly string[] {
  return monitor.list().flatMap((finding) => (finding.table === table ? [finding.key] : []));
}

function toHeadKey({ partition }: WalkedLog): string {
  return toLogKey({ partitionKey: partition, rowKey: HEAD });
}

/** Answers whether something is wrong with it. */
function reportHead({ guard }: LogTableParts, log: WalkedLog): boolean {
  if (!log.headProblem) return false;
  const keys = { partitionKey: log.partition, rowKey: HEAD };
  refuseRow(guard, log.head ?? keys, log.headProblem);
  return true;
}

/** Before the key of its MAC leaves the ring. */
async function signAnew({ open, guard }: LogTableParts, page: readonly WalkedRow[]): Promise<void> {
  const { rows } = guard;
  const old: ReadRow[] = [];
  for (const { row, problem } of page) if (!problem && (await rows.isOld(row))) old.push(row);
  await replaceRows({ open, guard }, old);
}
