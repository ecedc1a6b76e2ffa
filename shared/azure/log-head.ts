import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { BrokerError } from '../errors.ts';
import { submitRows } from './row-batch.ts';
import { reachStorage } from './storage-error.ts';
import type { OpenTable, Row } from './table-store.ts';

/** Its row key; sorts behind every number. */
export const HEAD = 'head';

/** The row that counts a log's entries: they get their numbers under its ETag. */
interface Head {
  /** `undefined`: there is no row yet. */
  readonly etag: string | undefined;
  /** The number that the next entry gets. */
  readonly next: number;
  /** Up to here entries were removed by age. */
  readonly first: number;
  /** Which append moved it last. */
  readonly commit: string | undefined;
}

/** Other processes win a few times; after as many lost races (about 8 s) something else is wrong. */
const ATTEMPTS = 30;
const SHORTEST_PAUSE = 10;
const LONGEST_PAUSE = 400;

// Numbers are text: a whole number without a type would have to fit into 32 bits.
const numberSchema = v.pipe(v.string(), v.transform(Number), v.safeInteger());
const headSchema = v.object({
  etag: v.string(),
  next: numberSchema,
  first: numberSchema,
  commit: v.string(),
});

/** Creates the access to a log's head. Only one append may run at once. */
export function createLogHead(open: OpenTable, partition: string) {
  let known: Head | undefined;

  const read = async (): Promise<Head> => {
    const client = await reachStorage(open);
    const row = await reachStorage(() => client.getEntity(partition, HEAD), [404]);
    return row
      ? v.parse(headSchema, row)
      : { etag: undefined, next: 1, first: 0, commit: undefined };
  };

  /** `false`: another process moved the head. */
  const tryAppend = async (head: Head, rows: readonly Row[], commit: string): Promise<boolean> => {
    const next = head.next + rows.length;
    const row = { partitionKey: partition, rowKey: HEAD, next: String(next), commit };
    const move =
      head.etag === undefined
        ? { create: { ...row, first: String(head.first) } }
        : { merge: row, etag: head.etag };
    const client = await reachStorage(open);
    const etags = await submitRows(client, [move, ...rows.map((create) => ({ create }))]);
    const etag = etags?.[0];
    known = etag === undefined ? undefined : { ...head, etag, next, commit };
    return etags !== undefined;
  };

  return {
    read,
    /** Appends all or none, with consecutive numbers. */
    async append(rows: readonly Row[], toNumbered: (row: Row, sequence: number) => Row) {
      const commit = randomUUID();
      for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
        const head = known ?? (await read());
        // Whatever happens next, only a success makes it known again.
        known = undefined;
        // The answer to an append can be lost; its retry then finds a head that was moved, by us.
        if (head.commit === commit) return;
        const numbered = rows.map((row, index) => toNumbered(row, head.next + index));
        if (await tryAppend(head, numbered, commit)) return;
        await sleep(Math.random() * Math.min(SHORTEST_PAUSE * 2 ** attempt, LONGEST_PAUSE));
      }
      throw new BrokerError('temporarily_unavailable', 'The log is being written by others.', {
        owner: 'partner',
        remedy: 'Try again; if it persists, look for many instances that write at once.',
        retryAfterSeconds: 5,
      });
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
