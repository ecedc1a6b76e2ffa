import { toSortable } from '../timestamp.ts';
import {
  type FilterFields,
  parseFilter,
  parsePage,
  refuseOtherOptions,
  toNextLink,
} from './odata.ts';
import type { SurfaceSettings } from './surface.ts';

/** Switches of a surface with a list. */
export interface ListSettings extends SurfaceSettings {
  /** Whether a page that is not the last carries `@odata.nextLink`. */
  readonly nextLink: boolean;
  /** The furthest that `$skip` may go; beyond it is a 400. */
  readonly skipCeiling: number;
  /**
   * `oldest-update`: the least recently updated first, so that an update moves a row to the end; or
   * the other way.
   */
  readonly order: 'usual' | 'oldest-update' | 'newest-update';
}

/** What a list is made of: rows in their usual order, in the words that `$filter` uses. */
export interface List<Row> {
  readonly url: URL;
  readonly rows: readonly Row[];
  readonly context: string;
  readonly pageSize: number;
  readonly options: readonly string[];
  readonly filterFields: FilterFields;
  /** The field that says when a row was last updated. */
  readonly updateField: keyof Row;
}

/** Answers one page of a list as its query asks; refuses options that the API does not know. */
export function answerList<Row extends Readonly<Record<string, unknown>>>(
  list: List<Row>,
  { nextLink, skipCeiling, order }: ListSettings,
): Response {
  const query = list.url.searchParams;
  refuseOtherOptions(query, list.options);
  const { skip, top } = parsePage(query, { pageSize: list.pageSize, skipCeiling });
  const passes = parseFilter(query.get('$filter') ?? '', list.filterFields);
  const chosen = list.rows.filter(passes);
  const all = inOrder(chosen, list.updateField, order);
  const more = nextLink && all.length > skip + top;
  return Response.json({
    '@odata.context': list.context,
    ...(query.get('$count') === 'true' ? { '@odata.count': all.length } : {}),
    value: all.slice(skip, skip + top),
    ...(more ? { '@odata.nextLink': toNextLink(list.url, skip + top) } : {}),
  });
}

function inOrder<Row>(
  rows: readonly Row[],
  field: keyof Row,
  order: ListSettings['order'],
): readonly Row[] {
  if (order === 'usual') return rows;
  const sorted = sortByInstant(rows, field);
  return order === 'oldest-update' ? sorted : sorted.toReversed();
}

/** Rows by an instant of theirs, the earliest first. */
export function sortByInstant<Row>(rows: readonly Row[], field: keyof Row): readonly Row[] {
  return rows
    .map((row) => ({ row, at: toSortable(String(row[field])) ?? '' }))
    .toSorted((one, other) => (one.at === other.at ? 0 : one.at < other.at ? -1 : 1))
    .map(({ row }) => row);
}
