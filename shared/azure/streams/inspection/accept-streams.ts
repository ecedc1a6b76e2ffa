import { randomUUID } from 'node:crypto';
import type { CheckedRow } from '../../../audit/row-state.ts';
import type { Acceptance, IsMeant } from '../../../authority/inspection.ts';
import { eraseRow } from '../../authority/row-io.ts';
import { hashRow } from '../../authority/row-seal.ts';
import type { ReadRow } from '../../tables/row.ts';
import { writeHead } from '../head-row.ts';
import { toStreamKey } from '../stream-guard.ts';
import { HEAD } from '../stream-keys.ts';
import { replaceRows } from './sign-rows.ts';
import {
  type StreamTableParts,
  type WalkedRow,
  type WalkedStream,
  walkStreams,
} from './walk-streams.ts';

/** Rows that an answer names; a stream may have a hundred thousand. */
const MAX_NAMED = 100;

/** What was done so far. */
interface Tally {
  count: number;
  readonly named: CheckedRow[];
}

/**
 * Takes entries as they stand, and heads that are damaged, gone or put back. Entries beyond what
 * the head has given are removed: their numbers are still to be given.
 */
export async function acceptStreams(
  parts: StreamTableParts,
  isMeant: IsMeant,
): Promise<Acceptance> {
  const before = await walkStreams(parts, async () => undefined);
  const bounds = new Map(before.map((stream) => [stream.partition, toNext(stream)]));
  const tally: Tally = { count: 0, named: [] };
  const streams = await walkStreams(parts, async (page) => {
    const meant = listMeant(parts, page, isMeant);
    const isGiven = ({ row, sequence }: WalkedRow) =>
      sequence !== undefined && sequence < (bounds.get(row.partitionKey ?? '') ?? 0);
    await replaceRows(parts, meant.filter(isGiven).map(toRow));
    const beyond = meant.filter((walked) => !isGiven(walked)).map(toRow);
    for (const row of beyond) await erase(parts, row);
    for (const { row } of meant) note(parts, tally, row);
  });
  for (const stream of streams)
    if (await acceptHead(parts, stream, isMeant)) note(parts, tally, toKeys(stream));
  return { accepted: tally.named, unreadable: [], count: tally.count };
}

/** Removes entries that no broker wrote. */
export async function discardEntries(
  parts: StreamTableParts,
  isMeant: IsMeant,
): Promise<Acceptance> {
  const tally: Tally = { count: 0, named: [] };
  await walkStreams(parts, async (page) => {
    for (const { row } of listMeant(parts, page, isMeant)) {
      await erase(parts, row);
      note(parts, tally, row);
    }
  });
  return { accepted: tally.named, unreadable: [], count: tally.count };
}

function listMeant(
  { guard: { table } }: StreamTableParts,
  page: readonly WalkedRow[],
  isMeant: IsMeant,
): readonly WalkedRow[] {
  return page.filter(
    ({ row, problem }) =>
      problem !== undefined &&
      row.rowKey !== HEAD &&
      isMeant({ table, key: toStreamKey(row) }, hashRow(table, row)),
  );
}

function toRow({ row }: WalkedRow): ReadRow {
  return row;
}

async function erase({ open }: StreamTableParts, row: ReadRow): Promise<void> {
  const { partitionKey = '', rowKey = '' } = row;
  await eraseRow(open, { partitionKey, rowKey }, row.etag);
}

function note(
  { guard: { table, monitor } }: StreamTableParts,
  tally: Tally,
  row: { readonly partitionKey?: string; readonly rowKey?: string },
): void {
  const key = toStreamKey(row);
  monitor.clear(table, key);
  tally.count++;
  if (tally.named.length < MAX_NAMED) tally.named.push({ table, key });
}

function toKeys({ partition }: WalkedStream) {
  return { partitionKey: partition, rowKey: HEAD };
}

/** The number that the next entry gets: never one that a broker gave already. */
function toNext({ claimed, lastNumber }: WalkedStream): number {
  return Math.max(claimed?.next ?? 1, lastNumber + 1);
}

async function acceptHead(
  { open, guard, now }: StreamTableParts,
  stream: WalkedStream,
  isMeant: IsMeant,
): Promise<boolean> {
  const { partition, head, headProblem, claimed, firstNumber } = stream;
  const { table } = guard;
  const name = { table, key: toStreamKey(toKeys(stream)) };
  if (!headProblem || !isMeant(name, head && hashRow(table, head))) return false;
  return await writeHead(
    { open, partition, guard },
    {
      etag: head?.etag,
      next: toNext(stream),
      first: claimed?.first ?? Math.max(0, firstNumber - 1),
      commit: randomUUID(),
      mark: claimed?.mark,
      acceptedAt: now(),
    },
  );
}
