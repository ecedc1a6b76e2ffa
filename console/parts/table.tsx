import type { ComponentChildren } from 'preact';

/** A column of a table. */
export interface Column<T> {
  readonly name: string;
  readonly cell: (row: T) => ComponentChildren;
  /** Numbers stand at the right. */
  readonly isNumber?: boolean;
}

/** A plain table; on a phone each row becomes a card whose cells carry their column's name. */
export function Table<T>({
  caption,
  columns,
  rows,
  keyOf,
  empty,
  isCompact = false,
}: {
  caption: string;
  columns: readonly Column<T>[];
  rows: readonly T[];
  keyOf: (row: T) => string;
  /** What an empty table says. */
  empty: string;
  /** Few and short columns: it stays a table on a phone. */
  isCompact?: boolean;
}) {
  if (rows.length === 0) return <p class="empty">{empty}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse scrolls a wide table by keys
    <section class="table-frame" tabIndex={0} aria-label={caption}>
      <table class={isCompact ? 'compact' : undefined}>
        <caption class="hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ name, isNumber }) => (
              <th key={name} scope="col" class={isNumber ? 'number' : undefined}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={keyOf(row)} row={row} columns={columns} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row<T>({ row, columns }: { row: T; columns: readonly Column<T>[] }) {
  return (
    <tr data-row>
      {columns.map(({ name, cell, isNumber }) => (
        <td key={name} data-label={name} class={isNumber ? 'number' : undefined}>
          <div>{cell(row)}</div>
        </td>
      ))}
    </tr>
  );
}
