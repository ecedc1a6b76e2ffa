/** What is looked at of a schema. */
interface Shape {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Shape>>;
  readonly wrapped?: Shape;
  readonly item?: Shape;
}

/**
 * The first place where a list stands for an object, as a dotted path; `undefined`: there is none.
 * Valibot reads `[]` as an object without members: `"filter": []` would be no filter.
 */
export function findListForObject(schema: Shape, input: unknown, path = ''): string | undefined {
  const { entries, wrapped, item } = schema;
  if (wrapped) return findListForObject(wrapped, input, path);
  if (typeof input !== 'object' || input === null) return undefined;
  if (entries && Array.isArray(input)) return path;
  for (const [name, member] of Object.entries(input)) {
    const next = item ?? (entries && Object.hasOwn(entries, name) ? entries[name] : undefined);
    const found = next && findListForObject(next, member, path === '' ? name : `${path}.${name}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
