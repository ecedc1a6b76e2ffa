import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';

/** A JSON object of the description. */
export type Json = Record<string, unknown>;

/**
 * What a caller may send: before transformations; checks in code have no counterpart in JSON
 * Schema.
 */
export function toSchema(schema: v.GenericSchema, typeMode: 'input' | 'output' = 'input'): Json {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode, errorMode: 'ignore' });
  return rest;
}
