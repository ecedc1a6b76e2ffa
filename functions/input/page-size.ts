import * as v from 'valibot';

const MAX_PAGE_SIZE = 500;

/** `limit` of a query that answers in pages. */
export const pageSizeSchema = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^\d{1,3}$/, 'Use 1 to 500.'),
    v.transform(Number),
    v.number(),
    v.integer(),
    v.minValue(1),
    v.maxValue(MAX_PAGE_SIZE),
  ),
  '100',
);
