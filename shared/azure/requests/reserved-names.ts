import type { PipelinePolicy } from '@azure/core-rest-pipeline';

/**
 * How the SDK calls what the service calls `PartitionKey`, `RowKey`, `Timestamp` and `odata.etag`.
 * To the service these are names of columns like any other.
 */
const RESERVED = ['partitionKey', 'rowKey', 'timestamp', 'etag'];

/** A column that no broker writes: it makes the MAC of its row wrong. */
const PREFIX = 'reserved_';

/**
 * Keeps a column from taking the place of a row's key or version in what the SDK reads. Example:
 * somebody copies the row of a caller to another id, with a column `rowKey` that names the first
 * one. The SDK would show the first one's key, and the MAC would be right.
 */
export const reservedNamesPolicy: PipelinePolicy = {
  name: 'reservedNames',
  async sendRequest(request, next) {
    const response = await next(request);
    if (response.bodyAsText) response.bodyAsText = renameReserved(response.bodyAsText);
    return response;
  },
};

/**
 * Renames such columns in the JSON of an answer. A name is a string before a colon; inside a value
 * its closing quote would be escaped.
 */
export function renameReserved(json: string): string {
  let text = json;
  for (const name of RESERVED) {
    if (!text.includes(`"${name}`)) continue;
    const column = new RegExp(`"${name}(@odata\\.type)?"(?=\\s*:)`, 'g');
    text = text.replace(column, `"${PREFIX}${name}$1"`);
  }
  return text;
}
