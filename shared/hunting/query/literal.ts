/** The types that parameters of a query may have. */
export const PARAMETER_TYPES = ['string', 'long', 'datetime', 'timespan', 'dynamic'] as const;

/** The type of a parameter. */
export type ParameterType = (typeof PARAMETER_TYPES)[number];

/** A value as a literal of KQL; `undefined`: it is not of the type. */
export function toLiteral(type: ParameterType, value: unknown): string | undefined {
  switch (type) {
    case 'string':
      return typeof value === 'string' ? toStringLiteral(value) : undefined;
    case 'long':
      return toLongLiteral(value);
    case 'datetime':
      return toDatetimeLiteral(value);
    case 'timespan':
      return toTimespanLiteral(value);
    case 'dynamic':
      return isShallow(value, MAX_DEPTH) ? `dynamic(${toJson(value)})` : undefined;
  }
}

/** JSON can be read to any depth; nobody means a value that is deeper. */
const MAX_DEPTH = 50;

const MAX_LONG = 2n ** 63n - 1n;
const MIN_LONG = -(2n ** 63n);

/**
 * Quotes and backslashes get a backslash; everything that is no printable ASCII is written by its
 * number.
 */
function toStringLiteral(text: string): string {
  return `"${escapeCharacters(text.replace(/["\\]/g, '\\$&'))}"`;
}

/** JSON whose characters are all printable ASCII. */
function toJson(value: unknown): string {
  return escapeCharacters(JSON.stringify(value));
}

/** Lines can't end in what is left. */
function escapeCharacters(text: string): string {
  return text.replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function toLongLiteral(value: unknown): string | undefined {
  const isNumber = typeof value === 'number' && Number.isSafeInteger(value);
  const isText = typeof value === 'string' && /^-?\d{1,19}$/.test(value);
  if (!isNumber && !isText) return undefined;
  const number = BigInt(value);
  return number >= MIN_LONG && number <= MAX_LONG ? `long(${number})` : undefined;
}

const DATETIME =
  /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:[T ]((?:[01]\d|2[0-3]):[0-5]\d)(:[0-5]\d)?(\.\d{1,7})?(Z|[+-]\d\d:\d\d)?)?$/;

/** In UTC, with the fraction as it was sent. */
function toDatetimeLiteral(value: unknown): string | undefined {
  const match = typeof value === 'string' ? DATETIME.exec(value) : undefined;
  if (!match) return undefined;
  const [, date, clock = '00:00', seconds = ':00', fraction = '', zone = 'Z'] = match;
  const time = Date.parse(`${date}T${clock}${seconds}${zone}`);
  // The 31st of February would become a day of March.
  if (Number.isNaN(time) || !isDayOfMonth(date ?? '')) return undefined;
  return `datetime(${new Date(time).toISOString().slice(0, 19)}${fraction}Z)`;
}

function isDayOfMonth(date: string): boolean {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

const ISO_DURATION =
  /^(-?)P(?=\d|T\d)(?:(\d{1,5})D)?(?:T(?=\d)(?:(\d{1,6})H)?(?:(\d{1,8})M)?(?:(\d{1,9})(\.\d{1,7})?S)?)?$/;
const CLOCK_DURATION = /^-?(?:\d{1,5}\.)?(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,7})?)?$/;
const SHORT_DURATION = /^-?\d{1,9}(?:\.\d{1,7})?(?:d|h|m|s|ms)$/;

function toTimespanLiteral(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (CLOCK_DURATION.test(value) || SHORT_DURATION.test(value)) return `timespan(${value})`;
  const match = ISO_DURATION.exec(value);
  if (!match) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0, fraction = ''] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3600 + Number(minutes) * 60;
  return `timespan(${sign}${toClock(total + Number(seconds))}${fraction})`;
}

/** Seconds as `1.02:03:04`. */
function toClock(total: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const rest = total % 86_400;
  return `${Math.floor(total / 86_400)}.${two(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}`;
}

function isShallow(value: unknown, depth: number): boolean {
  if (value === undefined) return false;
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}
