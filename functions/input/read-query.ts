import type { HttpRequest } from '@azure/functions';
import * as v from 'valibot';
import { toInvalidRequest, toShownName } from './invalid-request.ts';
import { parseInput } from './parse-input.ts';

/**
 * A parameter whose values are joined by commas, which is also how the host hands over one that is
 * given twice.
 */
export function listOf<T extends string>(words: readonly [T, ...T[]]) {
  return v.pipe(
    v.string(),
    v.transform((text) => [...new Set(text.split(','))]),
    v.array(v.picklist(words)),
  );
}

/**
 * Parses the query; throws `invalid_request` that names the parameter. Only the `lists` may hold
 * commas.
 */
export function readQuery<S extends v.GenericSchema>(
  { query }: Pick<HttpRequest, 'query'>,
  schema: S,
  lists: readonly string[] = [],
): v.InferOutput<S> {
  for (const [name, value] of query) {
    const isDoubled = query.getAll(name).length > 1;
    if (isDoubled || (value.includes(',') && !lists.includes(name))) throw toDoubledError(name);
  }
  // Of a list it is the parameter that people know, not which of its words.
  return parseInput(schema, Object.fromEntries(query), (path) => path.split('.', 1).join());
}

function toDoubledError(name: string): Error {
  return toInvalidRequest(
    `The parameter ${toShownName(name)} is given twice, or holds a comma.`,
    'Give it once, with one value: the Functions host joins repeated parameters by commas.',
    { logDescription: 'A parameter of the query is given twice, or holds a comma.' },
  );
}
