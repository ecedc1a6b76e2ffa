import * as v from 'valibot';
import { MAX_ROWS } from '../answer-size.ts';

/** The customer: always named, never a default. A GUID, or a domain with at least one dot. */
export const tenantInput = v.pipe(
  v.string(),
  v.regex(
    /^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|(?=.{3,253}$)[a-z\d](?:[a-z\d-]*[a-z\d])?(?:\.[a-z\d](?:[a-z\d-]*[a-z\d])?)+)$/i,
  ),
  v.description('Tenant id (GUID) or verified domain of the customer.'),
);

/** How many rows, at most 50. */
export const limitInput = v.optional(
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_ROWS)),
  20,
);

/** The `next_cursor` of the answer before. */
export const cursorInput = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1000)));
