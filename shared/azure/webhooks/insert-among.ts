import { type BrokerError, toBusyError } from '../../errors.ts';
import { retryRace } from '../../retry/race.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { Row } from '../tables/row.ts';
import { submitRows } from '../tables/row-batch.ts';
import { checkRow } from '../tables/row-limits.ts';
import { type OpenTable, readRows } from '../tables/table-store.ts';

/** With the caller's id the key of its guard; sorts behind every subscription. */
export const GUARD = '~';

/**
 * Inserts the row of a subscription while its caller has fewer than `most`; answers its etag,
 * `undefined`: it has as many. Each insert replaces the caller's guard row in the same transaction,
 * under the version that was read before counting: of two that counted the same one writes nothing
 * and counts again. Other callers have other guards.
 */
export async function insertAmong(
  open: OpenTable,
  row: Row & { readonly callerId: string },
  most: number,
): Promise<string | undefined> {
  checkRow(row);
  const { partitionKey, rowKey, callerId } = row;
  const guard = { partitionKey, rowKey: `${GUARD}${callerId}` };
  const client = await reachStorage(open);
  const filter = odata`PartitionKey eq ${partitionKey} and callerId eq ${callerId}`;
  const decided = await retryRace(
    { schedule: 'race.storage', toBusyError: toManyInsertsError },
    async () => {
      const seen = await reachStorage(() => client.getEntity(partitionKey, guard.rowKey), [404]);
      const query = { filter, select: ['RowKey'] };
      const rows = await reachStorage(() => readRows(open, query, Number.POSITIVE_INFINITY));
      // The answer to an insert can be lost; its retry was then overtaken by itself.
      const written = rows.find((one) => one.rowKey === rowKey);
      if (written) return { etag: written.etag };
      if (rows.length >= most) return { etag: undefined };
      const move = seen ? { replace: guard, etag: seen.etag } : { create: guard };
      const etags = await submitRows(client, [move, { create: row }]);
      return etags?.[1] === undefined ? undefined : { etag: etags[1] };
    },
  );
  return decided.etag;
}

function toManyInsertsError(): BrokerError {
  return toBusyError('The caller makes many subscriptions at once.', {
    remedy: 'Make them one after the other.',
    retryAfterSeconds: 5,
  });
}
