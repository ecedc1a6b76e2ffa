import * as v from 'valibot';
import { toHint } from './hint.ts';
import { toInvalidRequest, toShownName } from './invalid-request.ts';
import { findListForObject } from './list-for-object.ts';

/**
 * Parses anything from outside; throws `invalid_request` that names the parameter, by its path or
 * as `toName` says.
 */
export function parseInput<S extends v.GenericSchema>(
  schema: S,
  input: unknown,
  toName = (path: string) => path,
): v.InferOutput<S> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) {
    const list = findListForObject(schema, input);
    if (list === undefined) return parsed.output;
    throw toInvalidRequest(`The parameter ${list} is not acceptable.`, 'Send an object.');
  }
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  if (path === null) throw toRootError(issue);
  const name = toShownName(toName(path));
  if (isMissing(issue)) throw toInvalidRequest(`The parameter ${name} is missing.`, 'Send it.');
  const description = `The parameter ${name} is not acceptable.`;
  if (!isUnknown(issue)) throw toInvalidRequest(description, toHint(issue));
  throw toInvalidRequest(description, 'Leave it out: the API knows no such parameter here.', {
    logDescription: 'A parameter that the API does not know.',
  });
}

/** The one rule about a whole body is that a change has to change something. */
function toRootError({ type }: v.BaseIssue<unknown>): Error {
  return type === 'check'
    ? toInvalidRequest('The body names nothing to change.', 'Send at least one parameter.')
    : toInvalidRequest('The body must be a JSON object.', 'Send a JSON object.');
}

/** Both are issues of an object about one of its keys. */
function isMissing({ expected, path }: v.BaseIssue<unknown>): boolean {
  return path?.at(-1)?.origin === 'key' && expected !== 'never';
}

function isUnknown({ expected, path }: v.BaseIssue<unknown>): boolean {
  return path?.at(-1)?.origin === 'key' && expected === 'never';
}
