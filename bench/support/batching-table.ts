import type { TableClient } from '@azure/data-tables';
import type { Row } from '../../shared/azure/tables/row.ts';
import { MAX_BATCH_ROWS, submitRows } from '../../shared/azure/tables/row-batch.ts';
import type { OpenTable } from '../../shared/azure/tables/table-store.ts';

interface Waiting {
  readonly row: Row;
  readonly settle: PromiseWithResolvers<{ readonly etag: string }>;
}

/**
 * A table of one partition that writes what is created at once in transactions of a hundred rows:
 * the product's own store fills it, in a hundredth of the requests.
 */
export function createBatchingTable(open: OpenTable): OpenTable {
  const waiting: Waiting[] = [];

  const flush = async (client: TableClient) => {
    const batch = waiting.splice(0, MAX_BATCH_ROWS);
    if (batch.length === 0) return;
    try {
      const etags = await submitRows(
        client,
        batch.map(({ row }) => ({ create: row })),
      );
      if (!etags) throw new Error('One of the rows is there already.');
      for (const [place, { settle }] of batch.entries()) {
        settle.resolve({ etag: etags[place] ?? '' });
      }
    } catch (error) {
      for (const { settle } of batch) settle.reject(error);
    }
  };

  return async () => {
    const client = await open();
    const createEntity = async (row: Row) => {
      const settle = Promise.withResolvers<{ readonly etag: string }>();
      waiting.push({ row, settle });
      setImmediate(flush, client);
      return await settle.promise;
    };
    return new Proxy(client, {
      get: (target, name) =>
        name === 'createEntity' ? createEntity : Reflect.get(target, name, target),
    });
  };
}
