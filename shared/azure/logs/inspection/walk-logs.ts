import type { RowProblem } from '../../../authority/judge-row.ts';
import { reachStorage } from '../../requests/storage-error.ts';
import type { ReadRow } from '../../tables/row.ts';
import { type OpenTable, readPages } from '../../tables/table-store.ts';
import { type LogHead, parseHead } from '../head-row.ts';
import { findForgery, type LogGuard } from '../log-guard.ts';
import { findSequence, HEAD } from '../log-keys.ts';

/** The logs of one table. */
export interface LogTableParts {
  readonly open: OpenTable;
  readonly guard: LogGuard;
  /** Which rows are of logs; by default all. */
  readonly filter?: string;
  /** Rejects with `integrity` when this process knows that a head was put back. */
  readonly checkHead?: () => Promise<unknown>;
  readonly now: () => number;
}

/** A row with what its MAC says. */
export interface WalkedRow {
  readonly row: ReadRow;
  readonly problem: 'forged' | 'key_lost' | undefined;
  /** `undefined`: the head, or a key that no broker makes. */
  readonly sequence: number | undefined;
}

/** What a walk showed of one log. */
export interface WalkedLog {
  readonly partition: string;
  readonly head: ReadRow | undefined;
  readonly headProblem: RowProblem | undefined;
  /** The head as it says, whoever wrote it; `undefined`: there is none that can be read. */
  readonly claimed: LogHead | undefined;
  /** The first and the last number that a broker wrote; 0: none. */
  readonly firstNumber: number;
  readonly lastNumber: number;
}

/** Rows that are held, or written in one transaction: at 256 KiB the largest, 25 MiB. */
const PAGE = 100;

/** Every row of a table's logs in order, page by page. */
async function* walkRows({
  open,
  guard,
  filter = '',
}: LogTableParts): AsyncGenerator<readonly WalkedRow[]> {
  for await (const page of readPages(open, filter, PAGE)) {
    const verdicts = await Promise.all(page.map(guard.rows.verify));
    yield page.map((row, index) => ({
      row,
      problem: findForgery(verdicts[index] ?? 'forged'),
      sequence: findSequence(row.rowKey),
    }));
  }
}

/** Goes over every row, calls for each page, and answers what it showed of each log. */
export async function walkLogs(
  parts: LogTableParts,
  look: (page: readonly WalkedRow[]) => Promise<void>,
): Promise<readonly WalkedLog[]> {
  const logs = new Map<string, WalkedLog>();
  await reachStorage(async () => {
    for await (const page of walkRows(parts)) {
      for (const walked of page) {
        const { partitionKey = '' } = walked.row;
        logs.set(partitionKey, addRow(logs.get(partitionKey) ?? startLog(partitionKey), walked));
      }
      await look(page);
    }
  });
  const isPutBack = await knowsBetter(parts);
  return [...logs.values()].map((log) => judgeHead(log, isPutBack));
}

function startLog(partition: string): WalkedLog {
  const none = { head: undefined, headProblem: undefined, claimed: undefined };
  return { partition, ...none, firstNumber: 0, lastNumber: 0 };
}

function addRow(log: WalkedLog, { row, problem, sequence }: WalkedRow): WalkedLog {
  if (row.rowKey === HEAD) {
    return { ...log, head: row, headProblem: problem, claimed: findHead(row) };
  }
  if (problem || sequence === undefined) return log;
  return { ...log, firstNumber: log.firstNumber || sequence, lastNumber: sequence };
}

function findHead(row: ReadRow): LogHead | undefined {
  try {
    return parseHead(row);
  } catch {
    return undefined;
  }
}

/** An entry behind its head says that the head was put back: both are written at once. */
function judgeHead(log: WalkedLog, isPutBack: boolean): WalkedLog {
  if (!log.head) return { ...log, headProblem: 'missing' };
  const isOlder = isPutBack || (log.claimed && log.lastNumber >= log.claimed.next);
  return { ...log, headProblem: log.headProblem ?? (isOlder ? 'older' : undefined) };
}

async function knowsBetter({ checkHead }: LogTableParts): Promise<boolean> {
  return (
    (await checkHead?.().then(
      () => false,
      () => true,
    )) ?? false
  );
}
