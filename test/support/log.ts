import type { Log, LogFields } from '../../shared/log.ts';

/** A log that keeps its lines. */
interface RecordedLog extends Log {
  readonly lines: readonly { level: string; event: string; fields: LogFields | undefined }[];
}

/** Creates a log that keeps its lines. */
export function createRecordedLog(): RecordedLog {
  const lines: { level: string; event: string; fields: LogFields | undefined }[] = [];
  const at = (level: string) => (event: string, fields?: LogFields) => {
    lines.push({ level, event, fields });
  };
  const note = () => undefined;
  return { lines, note, info: at('info'), warn: at('warn'), error: at('error') };
}
