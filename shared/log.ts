/** Structured fields of a log line; never a token, secret, code, assertion or upstream body. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | undefined | readonly LogFields[]>
>;

/** Where the domain says what happened: an event name and its fields. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** Adds fields to the line that ends the current invocation. */
  note(fields: LogFields): void;
}
