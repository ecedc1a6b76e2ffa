import * as v from 'valibot';
import type { Column } from '../../hunting/hunt.ts';

/** Microsoft says .NET's names in some answers, Kusto's in others. */
const KUSTO_TYPES: Readonly<Record<string, string>> = {
  bool: 'bool',
  boolean: 'bool',
  sbyte: 'bool',
  byte: 'bool',
  date: 'datetime',
  datetime: 'datetime',
  datetimeoffset: 'datetime',
  decimal: 'decimal',
  sqldecimal: 'decimal',
  double: 'real',
  dynamic: 'dynamic',
  guid: 'guid',
  int: 'int',
  int16: 'int',
  int32: 'int',
  int64: 'long',
  long: 'long',
  object: 'dynamic',
  real: 'real',
  single: 'real',
  string: 'string',
  time: 'timespan',
  timespan: 'timespan',
};

/** A type that is new is read as text. */
const UNKNOWN_TYPE = 'string';

const MAX_COLUMNS = 1000;

const columnSchema = v.union([
  v.object({ name: v.string(), type: v.nullish(v.string()) }),
  v.pipe(
    v.object({ Name: v.string(), Type: v.nullish(v.string()) }),
    v.transform(({ Name, Type }) => ({ name: Name, type: Type })),
  ),
]);
const schemaSchema = v.pipe(v.array(columnSchema), v.maxLength(MAX_COLUMNS));

/** The columns of an answer's schema; `undefined`: it is none. */
export function findColumns(schema: unknown): readonly Column[] | undefined {
  const parsed = v.safeParse(schemaSchema, schema);
  if (!parsed.success) return undefined;
  return parsed.output.map(({ name, type }) => ({ name, type: toKustoType(type ?? '') }));
}

/**
 * The columns with those that only rows had: what was answered is not lost, whatever the schema
 * says.
 */
export function addSeenKeys(
  columns: readonly Column[],
  keys: ReadonlySet<string>,
): readonly Column[] {
  const known = new Set(columns.map(({ name }) => name.toLowerCase()));
  const others = [...keys].filter((key) => !isAnnotation(key) && !known.has(key.toLowerCase()));
  return [...columns, ...others.map((name) => ({ name, type: 'dynamic' }))];
}

/** OData says the type of a property in one beside it: `Id@odata.type`. */
function isAnnotation(key: string): boolean {
  return key.includes('@odata.');
}

function toKustoType(type: string): string {
  const name = type
    .replace(/^System\.(?:Data\.SqlTypes\.)?/i, '')
    .replace(/^Edm\./i, '')
    .toLowerCase();
  return Object.hasOwn(KUSTO_TYPES, name) ? (KUSTO_TYPES[name] ?? UNKNOWN_TYPE) : UNKNOWN_TYPE;
}
