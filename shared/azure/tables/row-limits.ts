import type { Row } from './row.ts';

/** Bytes of a binary property ("Understanding the Table service data model"). */
export const MAX_BINARY_BYTES = 64 * 1024;

/** UTF-16 units of a string property: 64 KiB. */
export const MAX_TEXT_LENGTH = 32 * 1024;

const MAX_ENTITY_BYTES = 1024 * 1024;
/** Without PartitionKey, RowKey and Timestamp. */
const MAX_PROPERTIES = 252;
const MAX_NAME_LENGTH = 255;
/** A key has 1 KiB. */
const MAX_KEY_LENGTH = 512;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the service refuses exactly these.
const REFUSED_IN_KEYS = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

/**
 * Throws when Azure would refuse the row; Azurite would take some of these. Says which property,
 * never its value.
 */
export function checkRow<R extends Row>(row: R): R {
  const { partitionKey, rowKey, ...properties } = row;
  checkKey('PartitionKey', partitionKey);
  checkKey('RowKey', rowKey);
  const present = Object.entries(properties).filter(([, value]) => value !== undefined);
  if (present.length > MAX_PROPERTIES) throw toError(`has ${present.length} properties`);
  for (const [name, value] of present) checkProperty(name, value);
  const size = toEntitySize(row);
  if (size > MAX_ENTITY_BYTES) throw toError(`has ${size} bytes`);
  return row;
}

/** What a row weighs against the limit of 1 MiB. */
export function toEntitySize({ partitionKey, rowKey, ...properties }: Row): number {
  const keys = 4 + 2 * (partitionKey.length + rowKey.length);
  return Object.entries(properties).reduce(
    (sum, [name, value]) => (value === undefined ? sum : sum + 8 + 2 * name.length + sizeOf(value)),
    keys,
  );
}

function checkKey(name: string, key: string): void {
  if (key.length > MAX_KEY_LENGTH) throw toError(`has a ${name} of ${key.length} characters`);
  if (REFUSED_IN_KEYS.test(key)) throw toError(`has a character in its ${name} that is refused`);
}

function checkProperty(name: string, value: Row[string]): void {
  if (name.length > MAX_NAME_LENGTH) throw toError('has a property whose name is too long');
  if (typeof value === 'string' && value.length > MAX_TEXT_LENGTH) {
    throw toError(`has ${value.length} characters in ${name}`);
  }
  if (value instanceof Uint8Array && value.byteLength > MAX_BINARY_BYTES) {
    throw toError(`has ${value.byteLength} bytes in ${name}`);
  }
}

function sizeOf(value: Row[string]): number {
  if (typeof value === 'string') return 4 + 2 * value.length;
  if (value instanceof Uint8Array) return 4 + value.byteLength;
  return 8;
}

function toError(what: string): Error {
  return new Error(`A row is over the limits of Table Storage: it ${what}.`);
}
