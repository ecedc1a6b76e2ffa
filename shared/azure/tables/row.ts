import type { TableEntityResult } from '@azure/data-tables';

/** A row of Table Storage as this code writes it. */
export interface Row {
  readonly partitionKey: string;
  readonly rowKey: string;
  readonly [property: string]: string | number | Date | boolean | Uint8Array | undefined;
}

/** A row as the SDK reads it. */
export type ReadRow = TableEntityResult<Record<string, unknown>>;
