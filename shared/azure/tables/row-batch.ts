import type { TableClient, TransactionAction } from '@azure/data-tables';
import { settleAll } from '../../concurrency.ts';
import { reachStorage } from '../requests/storage-error.ts';
import type { Row } from './row.ts';

/** Operations of an entity group transaction ("Performing entity group transactions"). */
export const MAX_BATCH_ROWS = 100;

/** A transaction may have 4 MiB; half of it is through well before its deadline. */
const MAX_PAYLOAD_BYTES = 2 * 1024 * 1024;

/** Headers and boundaries of one operation. */
const OPERATION = 600;

/** Single operations under way at once. */
const CONCURRENCY = 8;

/** What says that a row is not as it was seen: it is there, it is gone, it changed. */
const OVERTAKEN = [404, 409, 412];

/** One operation on a row. */
export type RowAction =
  | { readonly create: Row }
  /** Whether there is one or not. */
  | { readonly put: Row }
  | { readonly replace: Row; readonly etag: string }
  | { readonly merge: Row; readonly etag: string }
  | { readonly remove: Pick<Row, 'partitionKey' | 'rowKey'> };

/** What a row takes in a request, about: JSON, bytes in base64. */
export function toPayloadSize(row: Row): number {
  return Object.entries(row).reduce((sum, [name, value]) => {
    if (value === undefined) return sum;
    const size = value instanceof Uint8Array ? (value.byteLength * 4) / 3 : sizeOfText(value);
    return sum + 2 * name.length + 40 + size;
  }, OPERATION);
}

function sizeOfText(value: Exclude<Row[string], Uint8Array>): number {
  return typeof value === 'string' ? Buffer.byteLength(JSON.stringify(value)) : 30;
}

/** How many of the first items fit into one transaction with `most` operations: at least one. */
export function countFitting(sizes: readonly number[], most = MAX_BATCH_ROWS): number {
  let total = 0;
  const over = sizes.findIndex((size, index) => {
    total += size;
    return index > 0 && (index >= most || total > MAX_PAYLOAD_BYTES);
  });
  return over === -1 ? sizes.length : over;
}

/**
 * Writes rows of one partition in as few transactions as can be; answers each one's etag,
 * `undefined` where it was overtaken.
 */
export async function writeRows(
  client: TableClient,
  actions: readonly RowAction[],
): Promise<readonly (string | undefined)[]> {
  const sizes = actions.map((action) => toPayloadSize(rowOf(action)));
  const etags: (string | undefined)[] = [];
  for (let start = 0; start < actions.length; ) {
    const count = countFitting(sizes.slice(start));
    etags.push(...(await writeTogether(client, actions.slice(start, start + count))));
    start += count;
  }
  return etags;
}

/** All or nothing: `undefined` when a row was overtaken. */
export async function submitRows(
  client: TableClient,
  actions: readonly RowAction[],
): Promise<readonly (string | undefined)[] | undefined> {
  const transaction = await reachStorage(
    () => client.submitTransaction(actions.map(toTransactionAction)),
    OVERTAKEN,
  );
  return transaction?.subResponses.map(({ etag }) => etag);
}

/**
 * One transaction; where a row was overtaken, each by itself, so that no other is held up by it.
 */
async function writeTogether(
  client: TableClient,
  actions: readonly RowAction[],
): Promise<readonly (string | undefined)[]> {
  const etags = actions.length > 1 ? await submitRows(client, actions) : undefined;
  if (etags) return etags;
  const outcomes = await settleAll(actions, CONCURRENCY, (action) => writeAlone(client, action));
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

/** Answers the etag, which a removed row has none of. */
async function writeAlone(client: TableClient, action: RowAction): Promise<string | undefined> {
  const written = await reachStorage(() => perform(client, action), OVERTAKEN);
  return written?.etag;
}

async function perform(client: TableClient, action: RowAction): Promise<{ etag?: string }> {
  if ('create' in action) return await client.createEntity(action.create);
  if ('put' in action) return await client.upsertEntity(action.put, 'Replace');
  if ('replace' in action) {
    return await client.updateEntity(action.replace, 'Replace', { etag: action.etag });
  }
  if ('merge' in action) {
    return await client.updateEntity(action.merge, 'Merge', { etag: action.etag });
  }
  await client.deleteEntity(action.remove.partitionKey, action.remove.rowKey);
  return {};
}

function toTransactionAction(action: RowAction): TransactionAction {
  if ('create' in action) return ['create', action.create];
  if ('put' in action) return ['upsert', action.put, 'Replace'];
  if ('replace' in action) return ['update', action.replace, 'Replace', { etag: action.etag }];
  if ('merge' in action) return ['update', action.merge, 'Merge', { etag: action.etag }];
  return ['delete', action.remove];
}

function rowOf(action: RowAction): Row {
  if ('create' in action) return action.create;
  if ('put' in action) return action.put;
  if ('replace' in action) return action.replace;
  return 'merge' in action ? action.merge : action.remove;
}
