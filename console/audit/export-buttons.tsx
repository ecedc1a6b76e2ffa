import { toCsv } from '../csv.ts';
import { download, TooManyRows } from '../download.ts';
import { ActionButton } from '../parts/action-button.tsx';

/** A page of what is exported. */
interface ExportedPage<T> {
  readonly value: readonly T[];
  readonly next_cursor?: string;
}

/** A browser's memory ends somewhere; a narrower time makes several files. */
const MAX_ROWS = 100_000;

/** Saves everything that the filters find, page by page, as CSV or as one JSON object a line. */
export function ExportButtons<T extends object>({
  name,
  columns,
  load,
}: {
  /** Of the file, without its ending. */
  name: string;
  columns: readonly (keyof T & string)[];
  load: (cursor: string | undefined) => Promise<ExportedPage<T>>;
}) {
  const saveLines = async () => {
    const rows = await readAll(load);
    const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
    download([text], { name: `${name}.ndjson`, type: 'application/x-ndjson' });
  };
  const saveCsv = async () => {
    const rows = await readAll(load);
    const cells = rows.map((row) => columns.map((column) => toText(row[column])));
    download([toCsv([columns, ...cells])], { name: `${name}.csv`, type: 'text/csv' });
  };
  return (
    <div class="actions">
      <ActionButton label="Save as CSV" appRole="Audit.Read" done="Saved." run={saveCsv} />
      <ActionButton label="Save as NDJSON" appRole="Audit.Read" done="Saved." run={saveLines} />
    </div>
  );
}

async function readAll<T>(
  load: (cursor: string | undefined) => Promise<ExportedPage<T>>,
): Promise<readonly T[]> {
  const rows: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await load(cursor);
    rows.push(...page.value);
    cursor = page.next_cursor;
    if (rows.length > MAX_ROWS) throw new TooManyRows(MAX_ROWS);
  } while (cursor !== undefined);
  return rows;
}

function toText(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
