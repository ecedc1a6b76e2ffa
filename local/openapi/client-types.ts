import * as v from 'valibot';
import type { Json } from './document.ts';

/** The part of JSON Schema that the description uses. */
interface Schema {
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

const schema: v.GenericSchema<Schema> = v.object({
  $ref: v.optional(v.string()),
  const: v.optional(v.unknown()),
  enum: v.optional(v.array(v.unknown())),
  anyOf: v.optional(v.array(v.lazy(() => schema))),
  type: v.optional(v.string()),
  items: v.optional(v.lazy(() => schema)),
  properties: v.optional(
    v.record(
      v.string(),
      v.lazy(() => schema),
    ),
  ),
  required: v.optional(v.array(v.string())),
  additionalProperties: v.optional(v.union([v.boolean(), v.lazy(() => schema)])),
});
const contentSchema = v.object({
  content: v.object({ 'application/json': v.optional(v.object({ schema })) }),
});
const operationSchema = v.object({
  operationId: v.string(),
  summary: v.string(),
  tags: v.array(v.string()),
  parameters: v.optional(
    v.array(
      v.object({ name: v.string(), in: v.string(), required: v.optional(v.boolean()), schema }),
    ),
    [],
  ),
  requestBody: v.optional(v.object({ ...contentSchema.entries, required: v.boolean() })),
  responses: v.record(v.string(), v.unknown()),
});
const documentSchema = v.object({
  paths: v.record(v.string(), v.record(v.string(), operationSchema)),
  components: v.object({ schemas: v.record(v.string(), schema) }),
});

type Operation = v.InferOutput<typeof operationSchema>;

const HEAD = `// Made by \`npm run openapi\` from the schemas that validate requests: not to be changed by hand.\n`;

/** The types of the API for tools in TypeScript: every answer, every route with what it takes. */
export function toClientTypes(document: Json): string {
  const { paths, components } = v.parse(documentSchema, document);
  const answers = Object.entries(components.schemas).map(
    ([name, answer]) => `export type ${name} = ${toType(answer)};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { tags }]) => tags.includes('api'))
      .map(([method, operation]) => ({ target: `${method.toUpperCase()} ${path}`, operation })),
  );
  const routes = operations.map(
    ({ target, operation }) => `  ${operation.operationId}: '${target}',\n`,
  );
  const entries = operations.map(
    ({ operation }) =>
      `  /** ${operation.summary} */\n  ${operation.operationId}: ${toEntry(operation)};\n`,
  );
  return [
    HEAD,
    ...answers,
    `/** Where each operation is. */\nexport const ROUTES = {\n${routes.join('')}} as const;\n`,
    `/** What each operation takes and answers. */\nexport interface Operations {\n${entries.join('')}}\n`,
  ].join('\n');
}

function toEntry({ parameters, requestBody, responses }: Operation): string {
  const of = (place: string) => {
    const found = parameters.filter((parameter) => parameter.in === place);
    return toObject(
      Object.fromEntries(found.map((parameter) => [parameter.name, parameter.schema])),
      found.flatMap(({ name, required }) => (required ? [name] : [])),
    );
  };
  const body = requestBody?.content['application/json']?.schema;
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const answer = v.safeParse(contentSchema, success);
  const answered = answer.success ? answer.output.content['application/json']?.schema : undefined;
  return `{ params: ${of('path')}; query: ${of('query')}; body: ${body ? toType(body) : 'undefined'}; answer: ${answered ? toType(answered) : 'unknown'} }`;
}

function toType(one: Schema): string {
  if (one.$ref) return one.$ref.replace('#/components/schemas/', '');
  if (one.const !== undefined) return JSON.stringify(one.const);
  if (one.enum) return one.enum.map((value) => JSON.stringify(value)).join(' | ');
  if (one.anyOf) return one.anyOf.map(toType).join(' | ');
  switch (one.type) {
    case 'string':
    case 'boolean':
      return one.type;
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      return `ReadonlyArray<${one.items ? toType(one.items) : 'unknown'}>`;
    case 'object':
      return toObjectOrRecord(one);
    default:
      return 'unknown';
  }
}

function toObjectOrRecord({ properties, required = [], additionalProperties }: Schema): string {
  if (properties) return toObject(properties, required);
  const value = typeof additionalProperties === 'object' ? toType(additionalProperties) : 'unknown';
  return `Readonly<Record<string, ${value}>>`;
}

function toObject(
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[],
): string {
  const fields = Object.entries(properties).map(
    ([name, field]) => `readonly ${name}${required.includes(name) ? '' : '?'}: ${toType(field)}`,
  );
  return fields.length > 0 ? `{ ${fields.join('; ')} }` : 'undefined';
}
