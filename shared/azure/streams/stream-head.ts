import { randomUUID } from 'node:crypto';
import { type BrokerError, toBusyError } from '../../errors.ts';
import { retryRace } from '../../retry/race.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { Row } from '../tables/row.ts';
import { submitRows } from '../tables/row-batch.ts';
import { clearWay } from './clear-way.ts';
import { createHeadReader } from './head-reader.ts';
import { type StreamHead, toHeadRow, writeHead } from './head-row.ts';
import type { StreamPlace } from './stream-guard.ts';

type ToNumbered = (row: Row, sequence: number) => Row;

/** Creates the access to a stream's head. Only one append may run at once. */
export function createStreamHead(place: StreamPlace) {
  let known: StreamHead | undefined;
  const { read, note } = createHeadReader(place);
  const tryAppend = async (head: StreamHead, move: Move) => {
    const moved = await moveHead(place, head, move);
    if (moved) note(moved);
    else await clearWay(place, head);
    return moved;
  };

  return {
    read,
    /** Appends all or none, with consecutive numbers. */
    async append(rows: readonly Row[], toNumbered: ToNumbered) {
      const commit = randomUUID();
      await retryRace({ schedule: 'race.storage', toBusyError: toStreamBusyError }, async () => {
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
      head: StreamHead,
      { rows, mark }: { rows: readonly Row[]; mark: number },
      toNumbered: ToNumbered,
    ): Promise<StreamHead | undefined> {
      return await tryAppend(head, { rows, toNumbered, mark, commit: randomUUID() });
    },
    /** Says that entries up to a number can't be resumed from any more. */
    async trim(first: number) {
      await retryRace({ schedule: 'race.storage', toBusyError: toStreamBusyError }, async () => {
        const head = await read();
        // An attacker that plants a row with a high number moves nothing beyond what was given.
        const last = Math.min(first, head.next - 1);
        const isDone = head.first >= last || (await writeHead(place, { ...head, first: last }));
        return isDone ? head : undefined;
      });
    },
  };
}

function toStreamBusyError(): BrokerError {
  return toBusyError('The log is being written by others.', {
    owner: 'partner',
    remedy: 'Try again; if it persists, look for many instances that write at once.',
    retryAfterSeconds: 5,
  });
}

interface Move {
  readonly rows: readonly Row[];
  readonly toNumbered: ToNumbered;
  readonly commit: string;
  readonly mark: number | undefined;
}

/** `undefined`: another process moved the head, or a row is in the way. */
async function moveHead(
  place: StreamPlace,
  head: StreamHead,
  { rows, toNumbered, commit, mark }: Move,
): Promise<StreamHead | undefined> {
  const moved = { ...head, next: head.next + rows.length, commit, mark };
  const row = await toHeadRow(place, moved);
  const move = head.etag === undefined ? { create: row } : { replace: row, etag: head.etag };
  const numbered = rows.map((one, index) => toNumbered(one, head.next + index));
  const { guard } = place;
  const signed = guard ? await Promise.all(numbered.map(guard.rows.sign)) : numbered;
  const creates = signed.map((one) => ({ create: one }));
  const etags = await submitRows(await reachStorage(place.open), [move, ...creates]);
  return etags && { ...moved, etag: etags[0] };
}
