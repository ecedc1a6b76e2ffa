import { createAzureClients } from '../../../shared/azure/clients/clients.ts';
import type { Row } from '../../../shared/azure/tables/row.ts';

/** The two keys of a row. */
interface RowId {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** A row's columns without what the service adds. */
export type StoredRow = Readonly<Record<string, unknown>>;

/** Somebody who may write every table and queue of the account, and holds no key of the broker. */
export interface Intruder {
  readonly read: (table: string, id: RowId) => Promise<StoredRow>;
  /** Writes a row under these keys, or deletes it. */
  readonly put: (table: string, id: RowId, row: StoredRow | undefined) => Promise<void>;
  /** The text of the next message of a queue, which stays there. */
  readonly peekMessage: (queue: string) => Promise<string>;
  readonly sendMessage: (queue: string, text: string) => Promise<void>;
}

const OF_SERVICE = new Set(['etag', 'timestamp', 'partitionKey', 'rowKey']);

/** Creates the intruder at an account. */
export function createIntruder(connectionString: string): Intruder {
  const azure = createAzureClients({
    storage: { connectionString },
    keyVaultUrl: '',
    managedIdentityClientId: undefined,
  });
  return {
    read: async (table, { partitionKey, rowKey }) => {
      const client = await azure.table(table);
      const row = await client.getEntity<Record<string, unknown>>(partitionKey, rowKey);
      return Object.fromEntries(
        Object.entries(row).filter(([name]) => !OF_SERVICE.has(name) && !name.startsWith('odata.')),
      );
    },
    put: async (table, id, row) => {
      const client = await azure.table(table);
      if (row) await client.upsertEntity({ ...row, ...id } as Row, 'Replace');
      else await client.deleteEntity(id.partitionKey, id.rowKey);
    },
    peekMessage: async (queue) => {
      const { peekedMessageItems } = await (await azure.queue(queue)).peekMessages();
      const [message] = peekedMessageItems;
      if (!message) throw new Error(`The queue ${queue} is empty.`);
      return message.messageText;
    },
    sendMessage: async (queue, text) => {
      await (await azure.queue(queue)).sendMessage(text);
    },
  };
}
