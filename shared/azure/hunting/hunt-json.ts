import * as v from 'valibot';
import type { Column, RefusedQuery } from '../../hunting/hunt.ts';
import { type Plan, TIME_COLUMNS } from '../../hunting/run/plan.ts';

const countSchema = v.pipe(v.number(), v.integer());

/** The columns of a result. */
export const columnsSchema: v.GenericSchema<unknown, readonly Column[]> = v.array(
  v.pipe(
    v.object({
      name: v.string(),
      type: v.string(),
      widenedFrom: v.optional(v.array(v.string())),
    }),
    v.transform(({ widenedFrom, ...column }) => ({
      ...column,
      ...(widenedFrom && { widenedFrom }),
    })),
  ),
);

/** Microsoft's words about a query. */
export const refusalSchema: v.GenericSchema<unknown, RefusedQuery> = v.pipe(
  v.object({
    sentence: v.string(),
    line: v.optional(v.number()),
    column: v.optional(v.number()),
  }),
  v.transform(({ sentence, line, column }) => ({ sentence, line, column })),
);

const spanSchema = v.pipe(
  v.object({
    from: v.number(),
    to: v.number(),
    rows: v.optional(countSchema),
    take: v.optional(countSchema),
  }),
  v.transform(({ from, to, rows, take }) => ({
    from,
    to,
    rows,
    ...(take !== undefined && { take }),
  })),
);

const columnSchema = v.picklist(TIME_COLUMNS);

/** What a run asks next. */
export const planSchema: v.GenericSchema<unknown, Plan> = v.variant('kind', [
  v.object({ kind: v.literal('whole') }),
  v.object({ kind: v.literal('count'), column: columnSchema }),
  v.object({
    kind: v.literal('spans'),
    column: columnSchema,
    spans: v.array(spanSchema),
    target: countSchema,
  }),
  v.object({ kind: v.literal('limited'), take: countSchema }),
]);

/** A text that holds JSON of this kind. */
export const jsonOf = <S extends v.GenericSchema>(schema: S) =>
  v.pipe(v.string(), v.parseJson(), schema);

/** A Date as epoch milliseconds; absent it is `undefined`. */
export const timeSchema = v.optional(
  v.pipe(
    v.date(),
    v.transform((date) => date.getTime()),
  ),
);

/** Epoch milliseconds as a property of a row. */
export function toDate(time: number | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
