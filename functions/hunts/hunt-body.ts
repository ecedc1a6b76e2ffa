import * as v from 'valibot';
import type { QueryInput } from '../../shared/hunting/admin/create-hunt.ts';
import type { TargetQuery } from '../../shared/hunting/admin/find-targets.ts';
import { MAX_ROWS, MAX_TOTAL_ROWS } from '../../shared/hunting/limits.ts';
import { PARAMETER_TYPES } from '../../shared/hunting/query/literal.ts';
import {
  PARAMETER_NAME,
  type ParameterTypes,
  type ParameterValues,
} from '../../shared/hunting/query/parameters.ts';
import { tagSchema } from '../../shared/tenants/tenant-settings.ts';
import { toInvalidRequest } from '../input/invalid-request.ts';
import { tenantNameSchema } from '../input/tenant.ts';

/** A query has 1 MB at most; in JSON it may take twice as much. */
export const MAX_HUNT_BODY_BYTES = 2 * 1024 * 1024;

const MAX_TENANTS = 1000;
const MAX_PARAMETERS = 50;

const rowsSchema = (most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(most));

/** The names of a query's parameters. */
export const parameterNameSchema = v.pipe(
  v.string(),
  v.regex(PARAMETER_NAME, 'Use letters, digits and underscores, and begin with a letter.'),
);

/** What a hunt at one customer says, too. */
export const queryEntries = {
  query: v.optional(v.pipe(v.string(), v.minLength(1))),
  saved_query: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(64))),
  timespan: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  max_rows: v.optional(rowsSchema(MAX_ROWS)),
  parameters: v.optional(
    v.pipe(
      v.record(parameterNameSchema, v.unknown()),
      v.check((all) => Object.keys(all).length <= MAX_PARAMETERS, 'Use at most 50.'),
    ),
    {},
  ),
};

/** What callers call their hunts: it is shown, and nothing else. */
export const huntNameSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(100),
  v.regex(/^[^\p{C}]*$/u, 'Use characters that can be seen.'),
);

/** The body of a hunt. */
export const huntRequestSchema = v.strictObject({
  ...queryEntries,
  tenants: v.optional(v.pipe(v.array(tenantNameSchema), v.minLength(1), v.maxLength(MAX_TENANTS))),
  tag: v.optional(tagSchema),
  max_total_rows: v.optional(rowsSchema(MAX_TOTAL_ROWS)),
  name: v.optional(huntNameSchema),
});

/** The body of a hunt at one customer. */
export const huntNowRequestSchema = v.strictObject(queryEntries);

/** Customers by name or by tag; both at once may mean either, so it is refused. */
export function toTargetQuery({
  tenants,
  tag,
}: v.InferOutput<typeof huntRequestSchema>): TargetQuery {
  if (tenants === undefined || tag === undefined) return { tenants, tag };
  throw toInvalidRequest(
    'The body names customers by tenants and by tag.',
    'Send tenants or tag; leave both out for all customers.',
  );
}

/**
 * A query that was sent, or the name of a saved one; throws `invalid_request` unless it is one of
 * both.
 */
export function toQueryInput({
  query,
  saved_query: savedName,
  parameters,
}: v.InferOutput<typeof huntNowRequestSchema>): QueryInput {
  if ((query === undefined) === (savedName === undefined)) {
    const remedy = 'Send the text as query, or the name of a saved query as saved_query.';
    throw toInvalidRequest('The body has to name one query.', remedy);
  }
  if (savedName !== undefined) return { savedName, values: parameters };
  return { text: query ?? '', ...toTyped(parameters) };
}

const typedSchema = v.strictObject({ type: v.picklist(PARAMETER_TYPES), value: v.unknown() });

/**
 * Of a query that is not saved nobody has said the types: texts and whole numbers say their own.
 */
function toTyped(parameters: ParameterValues): { types: ParameterTypes; values: ParameterValues } {
  const entries = Object.entries(parameters).map(([name, value]) => {
    if (typeof value === 'string') return { name, type: 'string' as const, value };
    if (typeof value === 'number') return { name, type: 'long' as const, value };
    const typed = v.safeParse(typedSchema, value);
    if (typed.success) return { name, ...typed.output };
    const remedy = `Send a text, a whole number, or {"type": …, "value": …} with one of ${PARAMETER_TYPES.join(', ')}.`;
    throw toInvalidRequest(`The parameter parameters.${name} has no type.`, remedy);
  });
  return {
    types: Object.fromEntries(entries.map(({ name, type }) => [name, type])),
    values: Object.fromEntries(entries.map(({ name, value }) => [name, value])),
  };
}
