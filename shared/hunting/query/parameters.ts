import { BrokerError } from '../../errors.ts';
import { type ParameterType, toLiteral } from './literal.ts';

/** The types of a query's parameters, by name. */
export type ParameterTypes = Readonly<Record<string, ParameterType>>;

/** The values of a query's parameters, by name; any JSON. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/** A name as `let` takes it. */
export const PARAMETER_NAME = /^[A-Za-z_]\w{0,63}$/;

/**
 * Binds values to a query: one line `let name = literal;` each, in front of it. A value never
 * becomes a part of the query's own text, so that no quote or pipe in it can change what the query
 * does. Throws `invalid_request`.
 */
export function bindParameters(
  query: string,
  types: ParameterTypes,
  values: ParameterValues,
): string {
  for (const name of Object.keys(values)) {
    if (Object.hasOwn(types, name)) continue;
    throw toParameterError(name, 'is not one of the query', 'Leave it out, or declare its type.');
  }
  const lines = Object.entries(types).map(([name, type]) => {
    if (!Object.hasOwn(values, name)) {
      throw toParameterError(name, 'is missing', `Send a value of the type ${type}.`);
    }
    const literal = toLiteral(type, values[name]);
    if (literal !== undefined) return `let ${name} = ${literal};\n`;
    throw toParameterError(name, `is no ${type}`, FORMS[type]);
  });
  return lines.join('') + query;
}

const FORMS: Readonly<Record<ParameterType, string>> = {
  string: 'Send a text.',
  long: 'Send a whole number, or its digits as a text.',
  datetime: 'Send a date, or a date and a time, as 2026-11-21T09:00:00Z.',
  timespan: 'Send a duration as P1DT2H or 1.02:00:00, or a number with d, h, m or s.',
  dynamic: 'Send any JSON, at most 50 levels deep.',
};

function toParameterError(name: string, what: string, remedy: string): BrokerError {
  const shown = PARAMETER_NAME.test(name) ? name : 'that was sent';
  return new BrokerError('invalid_request', `The parameter parameters.${shown} ${what}.`, {
    owner: 'caller',
    remedy,
  });
}
