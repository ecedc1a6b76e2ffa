/** What happens to a value: it is missing, null, empty, huge, or of another type. */
export const DAMAGES: readonly (readonly [name: string, value: unknown])[] = [
  ['missing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['a huge text', 'x'.repeat(30_000)],
  ['a number', 7],
  ['a negative number', -1],
  ['a fraction', 0.5],
  ['a huge number', 1e300],
  ['true', true],
  ['a list', []],
  ['a list with null', [null]],
  ['an object', {}],
  ['__proto__', JSON.parse('{"__proto__":{"polluted":true}}')],
];

/** Where a value stands in JSON: names and indexes from the root on. */
export type Path = readonly (string | number)[];

/** Every place in a JSON value, the root left out. */
export function listPaths(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? value.map((one, index) => [index, one] as const)
    : Object.entries(value);
  return entries.flatMap(([key, one]) => [[...path, key], ...listPaths(one, [...path, key])]);
}

/** The value with another one at a path; `undefined` takes a member of an object away. */
export function damage(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) };
  const member = rest.length === 0 ? by : damage(Reflect.get(copy, key), rest, by);
  if (member === undefined && !Array.isArray(copy)) Reflect.deleteProperty(copy, key);
  else Reflect.set(copy, key, member);
  return copy;
}

/** The JSON text with the member at a path written twice, the second time with another value. */
export function toDoubled(value: unknown, path: Path): string {
  const marker = '\u0000doubled';
  const key = path.at(-1);
  const parent = path.slice(0, -1);
  const withMarker = damage(value, [...parent, marker], 'x');
  return JSON.stringify(withMarker).replace(JSON.stringify(marker), JSON.stringify(String(key)));
}
