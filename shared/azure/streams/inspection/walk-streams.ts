import type { RowProblem } from '../../../authority/judge-row.ts';
import { reachStorage } from '../../requests/storage-error.ts';
import type { ReadRow } from '../../tables/row.ts';
import { type OpenTable, readPages } from '../../tables/table-store.ts';
import { parseHead, type StreamHead } from '../head-row.ts';
import { findForgery, type StreamGuard } from '../stream-guard.ts';
import { findSequence, HEAD } from '../stream-keys.ts';

/** The streams of one table. */
export interface StreamTableParts {
  readonly open: OpenTable;
  readonly guard: StreamGuard;
  /** Which rows are of streams; by default all. */
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

/** What a walk showed of one stream. */
export interface WalkedStream {
  readonly partition: string;
  readonly head: ReadRow | undefined;
  readonly headProblem: RowProblem | undefined;
  /** The head as it says, whoever wrote it; `undefined`: there is none that can be read. */
  readonly claimed: StreamHead | undefined;
  /** The first and the last number that a broker wrote; 0: none. */
  readonly firstNumber: number;
  readonly lastNumber: number;
}

/** Rows that are held, or written in one transaction: at 256 KiB the largest, 25 MiB. */
const PAGE = 100;

/** Every row of a table's streams in order, page by page. */
async function* walkRows({
  open,
  guard,
  filter = '',
}: StreamTableParts): AsyncGenerator<readonly WalkedRow[]> {
  for await (const page of readPages(open, filter, PAGE)) {
    const verdicts = await Promise.all(page.map(guard.rows.verify));
    yield page.map((row, index) => ({
      row,
      problem: findForgery(verdicts[index] ?? 'forged'),
      sequence: findSequence(row.rowKey),
    }));
  }
}

/** Goes over every row, calls for each page, and answers what it showed of each stream. */
export async function walkStreams(
  parts: StreamTableParts,
  look: (page: readonly WalkedRow[]) => Promise<void>,
): Promise<readonly WalkedStream[]> {
  const streams = new Map<string, WalkedStream>();
  await reachStorage(async () => {
    for await (const page of walkRows(parts)) {
      for (const walked of page) {
        const { partitionKey = '' } = walked.row;
        streams.set(
          partitionKey,
          addRow(streams.get(partitionKey) ?? startStream(partitionKey), walked),
        );
      }
      await look(page);
    }
  });
  const isPutBack = await knowsBetter(parts);
  return [...streams.values()].map((stream) => judgeHead(stream, isPutBack));
}

function startStream(partition: string): WalkedStream {
  const none = { head: undefined, headProblem: undefined, claimed: undefined };
  return { partition, ...none, firstNumber: 0, lastNumber: 0 };
}

function addRow(stream: WalkedStream, { row, problem, sequence }: WalkedRow): WalkedStream {
  if (row.rowKey === HEAD) {
    return { ...stream, head: row, headProblem: problem, claimed: findHead(row) };
  }
  if (problem || sequence === undefined) return stream;
  return { ...stream, firstNumber: stream.firstNumber || sequence, lastNumber: sequence };
}

function findHead(row: ReadRow): StreamHead | undefined {
  try {
    return parseHead(row);
  } catch {
    return undefined;
  }
}

/** An entry behind its head says that the head was put back: both are written at once. */
function judgeHead(stream: WalkedStream, isPutBack: boolean): WalkedStream {
  if (!stream.head) return { ...stream, headProblem: 'missing' };
  const isOlder = isPutBack || (stream.claimed && stream.lastNumber >= stream.claimed.next);
  return { ...stream, headProblem: stream.headProblem ?? (isOlder ? 'older' : undefined) };
}

async function knowsBetter({ checkHead }: StreamTableParts): Promise<boolean> {
  return (
    (await checkHead?.().then(
      () => false,
      () => true,
    )) ?? false
  );
}
