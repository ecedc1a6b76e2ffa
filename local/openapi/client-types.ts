import * as v from 'valibot';
import type { Json } from './json-schema.ts';
import { type Schema, toParameters, toType } from './type-text.ts';

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
const contentSchema = v.object({ content: v.record(v.string(), v.object({ schema })) });
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
  const entries = operations.map(({ operation }) => toEntry(operation));
  return [
    HEAD,
    ...answers,
    `/** Where each operation is. */\nexport const ROUTES = {\n${routes.join('')}} as const;\n`,
    `/** What each operation takes and answers. */\nexport interface Operations {\n${entries.join('')}}\n`,
  ].join('\n');
}

function toEntry({ operationId, summary, parameters, requestBody, responses }: Operation): string {
  const [, success] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? [];
  const answer = v.safeParse(contentSchema, success);
  const content = answer.success ? answer.output.content : {};
  const answered = content['application/json']?.schema;
  const of = (place: string) =>
    toParameters(
      parameters
        .filter((parameter) => parameter.in === place)
        .map((parameter) => (Object.keys(content).length > 1 ? toJsonOnly(parameter) : parameter)),
    );
  const body = requestBody?.content['application/json']?.schema;
  return [
    toComment(summary),
    `  ${operationId}: {\n`,
    `    params: ${of('path')};\n`,
    `    query: ${of('query')};\n`,
    `    body: ${body ? toType(body, 2) : 'undefined'};\n`,
    `    answer: ${answered ? toType(answered, 2) : 'undefined'};\n`,
    '  };\n',
  ].join('');
}

/** The client reads JSON: it can't ask for another form of an answer. */
function toJsonOnly<P extends { readonly name: string; readonly schema: Schema }>(parameter: P): P {
  return parameter.name === 'format' ? { ...parameter, schema: { const: 'json' } } : parameter;
}

const MAX_COMMENT_COLUMNS = 94;

function toComment(text: string): string {
  if (text.length + '  /**  */'.length <= MAX_COMMENT_COLUMNS) return `  /** ${text} */\n`;
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = `${lines.at(-1)} ${word}`;
    if (line.length <= MAX_COMMENT_COLUMNS) lines[lines.length - 1] = line;
    else lines.push(` ${word}`);
  }
  return `  /**\n${lines.map((line) => `   *${line}\n`).join('')}   */\n`;
}
