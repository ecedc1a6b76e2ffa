/**
 * Where the rows of a part go: gathered into compressed blobs, which count when the part is stored.
 */
export interface PartWriter {
  /** Adds a row, in order; a promise where a blob is full. */
  add(row: string): Promise<void> | undefined;
  /** Writes what is left; answers the rows of each blob. */
  finish(): Promise<readonly number[]>;
  /** Removes what was written: the part does not count. */
  discard(): Promise<void>;
  /** Of all rows so far, before compression. */
  readonly bytes: number;
  /** The blobs' name without their numbers. */
  readonly blob: string;
}

/** The rows of all hunts, by tenant and hunt. */
export interface ResultStore {
  openPart(tenantId: string, huntId: string): PartWriter;
  /**
   * The rows of one blob, unpacked some at a time as they are read; `undefined`: it is gone. Throws
   * `integrity`, with an alarm, where no broker packed it.
   */
  readChunk(blob: string, chunk: number): Promise<AsyncIterable<readonly string[]> | undefined>;
  putQuery(huntId: string, query: string): Promise<void>;
  /** `undefined`: it is gone, or no broker packed it: then the alarm is raised. */
  findQuery(huntId: string): Promise<string | undefined>;
  /** Removes a tenant's rows of one hunt, or of all; answers how many blobs. */
  removeTenant(tenantId: string, huntId?: string): Promise<number>;
  removeQuery(huntId: string): Promise<void>;
  /** Removes what was written before a time, whatever it belongs to; answers how many blobs. */
  removeBefore(time: number): Promise<number>;
}
