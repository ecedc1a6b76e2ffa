/** The part of JSON Schema that the description uses. */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly const?: unknown;
  readonly enum?: readonly unknown[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly type?: string | undefined;
  readonly items?: Schema | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly additionalProperties?: Schema | boolean | undefined;
}

interface Parameter {
  readonly name: string;
  readonly required?: boolean | undefined;
  readonly schema: Schema;
}

/** The TypeScript type of a schema; a field a line, `depth` levels to the right. */
export function toType(one: Schema, depth = 0): string {
  if (one.$ref) return one.$ref.replace('#/components/schemas/', '');
  if (one.const !== undefined) return toLiteral(one.const);
  if (one.enum) return toUnion(one.enum.map(toLiteral), depth);
  if (one.anyOf) return toUnion(toTypes(one.anyOf, depth), depth);
  switch (one.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return one.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `ReadonlyArray<${one.items ? toType(one.items, depth) : 'unknown'}>`;
    case 'object':
      return toObjectOrRecord(one, depth);
    default:
      return 'unknown';
  }
}

/** The type of what an operation takes in its path or its query. */
export function toParameters(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return 'undefined';
  const properties = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const required = parameters.flatMap(({ name, required }) => (required ? [name] : []));
  return toObject({ properties, required }, 2);
}

function toObjectOrRecord(one: Schema, depth: number): string {
  const { properties = {}, additionalProperties: others } = one;
  const value = typeof others === 'object' ? toType(others, depth) : 'unknown';
  const record = `Readonly<Record<string,${toSpaced(value)}>>`;
  if (Object.keys(properties).length === 0) return record;
  const object = toObject(one, depth);
  return others === false ? object : `${object} & ${record}`;
}

function toObject({ properties = {}, required = [] }: Schema, depth: number): string {
  const fields = Object.entries(properties).map(([name, field]) => {
    const type = toType(field, depth + 1);
    const mark = required.includes(name) ? '' : '?';
    const space = type.startsWith('\n') ? '' : ' ';
    return `${indent(depth + 1)}readonly ${name}${mark}:${space}${type};\n`;
  });
  return `{\n${fields.join('')}${indent(depth)}}`;
}

/** Without what has no schema: it would swallow the others, and the checks in code refuse it. */
function toTypes(schemas: readonly Schema[], depth: number): string[] {
  const types = schemas.map((one) => toType(one, depth));
  return types.filter((type) => type !== 'unknown' && type !== 'ReadonlyArray<unknown>');
}

/** A union is broken when it might not fit behind the name of its field. */
const MAX_UNION_LENGTH = 50;

function toUnion(parts: readonly string[], depth: number): string {
  const line = parts.join(' | ');
  const isShort = indent(depth).length + line.length <= MAX_UNION_LENGTH;
  if (isShort || line.includes('\n') || parts.length === 1) return line;
  return parts.map((part) => `\n${indent(depth + 1)}| ${part}`).join('');
}

function toLiteral(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : JSON.stringify(value);
}

/** A type as it follows a colon or a comma: on the same line if it does not begin its own. */
function toSpaced(type: string): string {
  return type.startsWith('\n') ? type : ` ${type}`;
}

function indent(depth: number): string {
  return '  '.repeat(depth);
}
