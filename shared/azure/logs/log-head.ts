import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { BrokerError } from '../../errors.ts';
import { retryRace } from '../../retry/race.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { Row } from '../tables/row.ts';
import { submitRows } from '../tables/row-batch.ts';
import type { OpenTable } from '../tables/table-store.ts';

/** Its row key; sorts behind every number. */
export const HEAD = 'head';

/** The row that counts a log's entries: they get their numbers under its ETag. */
export interface LogHead {
  /** `undefined`: there is no row yet. */
  readonly etag: string | undefined;
  /** The number that the next entry gets. */
  readonly next: number;
  /** Up to here entries were removed by age. */
  readonly first: number;
  /** Which append moved it last. */
  readonly commit: string | undefined;
  /**
   * How far what the entries are made of was read; only of logs that are appended to under their
   * head.
   */
  readonly mark: number | undefined;
}

// Numbers are text: a whole number without a type would have to fit into 32 bits.
const numberSchema = v.pipe(v.string(), v.transform(Number), v.safeInteger());
const headSchema = v.object({
  etag: v.string(),
  next: numberSchema,
  first: numberSchema,
  commit: v.string(),
  mark: v.optional(numberSchema),
});

type ToNumbered = (row: Row, sequence: number) => Row;

/** Creates the access to a log's head. Only one append may run at once. */
export function createLogHead(open: OpenTable, partition: string) {
  let known: LogHead | undefined;
  const read = () => readHead(open, partition);
  const tryAppend = (head: LogHead, move: Move) => moveHead(open, partition, { head, ...move });

  return {
    read,
    /** Appends all or none, with consecutive numbers. */
    async append(rows: readonly Row[], toNumbered: ToNumbered) {
      const commit = randomUUID();
      await retryRace({ schedule: 'race.storage', toBusyError }, async () => {
        const head = known ?? (await read());
        // Whatever happens next, only a success makes it known again.
        known = undefined;
        // The answer to an append can be lost; its retry then finds a head that was moved, by us.
        if (head.commit === commit) return head;
        const moved = await tryAppend(head, { rows, toNumbered, commit, mark: head.mark });
        known = moved?.etag === undefined ? undefined : moved;
        return moved;
      });
    },
    /**
     * Appends under a head that was read and moves its mark; `undefined`: somebody else moved it,
     * nothing was written.
     */
    async appendAt(
      head: LogHead,
      { rows, mark }: { rows: readonly Row[]; mark: number },
      toNumbered: ToNumbered,
    ): Promise<LogHead | undefined> {
      return await tryAppend(head, { rows, toNumbered, mark, commit: randomUUID() });
    },
    /** Says that entries up to a number can't be resumed from any more. */
    async trim(first: number) {
      if ((await read()).first >= first) return;
      const client = await reachStorage(open);
      const row = { partitionKey: partition, rowKey: HEAD, first: String(first) };
      await reachStorage(() => client.updateEntity(row, 'Merge', { etag: '*' }));
    },
  };
}

function toBusyError(): BrokerError {
  return new BrokerError('temporarily_unavailable', 'The log is being written by others.', {
    owner: 'partner',
    remedy: 'Try again; if it persists, look for many instances that write at once.',
    retryAfterSeconds: 5,
  });
}

async function readHead(open: OpenTable, partition: string): Promise<LogHead> {
  const client = await reachStorage(open);
  const row = await reachStorage(() => client.getEntity(partition, HEAD), [404]);
  if (!row) return { etag: undefined, next: 1, first: 0, commit: undefined, mark: undefined };
  const { mark, ...head } = v.parse(headSchema, row);
  return { ...head, mark };
}

interface Move {
  readonly rows: readonly Row[];
  readonly toNumbered: ToNumbered;
  readonly commit: string;
  readonly mark: number | undefined;
}

/** `undefined`: another process moved the head. */
async function moveHead(
  open: OpenTable,
  partition: string,
  { head, rows, toNumbered, commit, mark }: Move & { readonly head: LogHead },
): Promise<LogHead | undefined> {
  const next = head.next + rows.length;
  const row = {
    partitionKey: partition,
    rowKey: HEAD,
    next: String(next),
    commit,
    ...(mark !== undefined && { mark: String(mark) }),
  };
  const move =
    head.etag === undefined
      ? { create: { ...row, first: String(head.first) } }
      : { merge: row, etag: head.etag };
  const numbered = rows.map((one, index) => ({ create: toNumbered(one, head.next + index) }));
  const etags = await submitRows(await reachStorage(open), [move, ...numbered]);
  return etags && { ...head, etag: etags[0], next, commit, mark };
}
