/** Says whether a parameter's value may be used. */
export type Constraint = (value: string) => boolean;

/**
 * Builds an ASP.NET Core inline constraint, such as `guid` or `length(3)`; throws on unknown ones.
 */
export function createConstraint(name: string, args: string): Constraint {
  const create = factories[name.toLowerCase()];
  if (!create) throw new Error(`Route constraint '${name}' is not supported.`);
  return create(args);
}

const factories: Readonly<Record<string, (args: string) => Constraint>> = {
  guid: () => matches(GUID),
  bool: () => matches(/^\s*(true|false)\s*$/i),
  alpha: () => matches(/^[a-z]*$/i),
  required: () => (value) => value !== '',
  int: () => isWithin(-(2n ** 31n), 2n ** 31n - 1n),
  long: () => isWithin(LONG_MIN, LONG_MAX),
  min: (args) => isWithin(BigInt(args), LONG_MAX),
  max: (args) => isWithin(LONG_MIN, BigInt(args)),
  range: (args) => {
    const [low = '', high = ''] = args.split(',');
    return isWithin(BigInt(low), BigInt(high));
  },
  length: (args) => {
    const [least, most = least] = args.split(',').map(Number);
    return (value) => value.length >= Number(least) && value.length <= Number(most);
  },
  minlength: (args) => (value) => value.length >= Number(args),
  maxlength: (args) => (value) => value.length <= Number(args),
  regex: (args) => matches(new RegExp(args, 'i')),
};

// The forms D, N, B and P of .NET's Guid.TryParse.
const DIGITS = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const GUID = new RegExp(
  String.raw`^\s*(?:${DIGITS}|[0-9a-f]{32}|\{${DIGITS}\}|\(${DIGITS}\))\s*$`,
  'i',
);
const LONG_MIN = -(2n ** 63n);
const LONG_MAX = 2n ** 63n - 1n;
const INTEGER = /^\s*[+-]?\d{1,30}\s*$/;

function matches(pattern: RegExp): Constraint {
  return (value) => pattern.test(value);
}

function isWithin(low: bigint, high: bigint): Constraint {
  return (value) => {
    if (!INTEGER.test(value)) return false;
    const number = BigInt(value.trim().replace('+', ''));
    return number >= low && number <= high;
  };
}
