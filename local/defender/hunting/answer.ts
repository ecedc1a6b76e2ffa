import { badRequest } from '../http/refusal.ts';
import {
  formatDatetime,
  formatTimespan,
  type KqlType,
  type Relation,
  type Value,
} from './kql/value.ts';
import type { Quirks } from './quirks.ts';

/** Rows of one answer; what is more is left out in silence ("Advanced hunting API": quotas). */
const MAX_ROWS = 100_000;

/** Bytes of one answer. */
const MAX_BYTES = 50 * 1024 * 1024;

/** Bytes that are sent at once. */
const PIECE_BYTES = 64 * 1024;

const NET_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'SByte',
  datetime: 'DateTime',
  dynamic: 'Object',
  guid: 'Guid',
  int: 'Int32',
  long: 'Int64',
  real: 'Double',
  string: 'String',
  timespan: 'TimeSpan',
};

/** The answer to a query; refuses what is larger than Microsoft answers. */
export function createAnswer({ columns, rows }: Relation, quirks: Quirks): Response {
  const schema = columns.map(({ name, type }) => toSchemaEntry(name, type, quirks));
  const writers = columns.map(({ name, type }) => toWriter(name, type, quirks));
  const pieces: Uint8Array[] = [];
  let open = `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#microsoft.graph.security.huntingQueryResults","schema":${JSON.stringify(schema)},"results":[`;
  let bytes = 0;
  let count = 0;
  const flush = () => {
    const piece = new TextEncoder().encode(open);
    bytes += piece.byteLength;
    open = '';
    if (bytes > MAX_BYTES)
      throw badRequest('The query result set exceeded the allowed result size. Fix your query.');
    pieces.push(piece);
  };
  for (const row of rows) {
    if (count === MAX_ROWS) break;
    const members = writers.flatMap((write, place) => write(row[place] ?? null));
    open += `${count++ === 0 ? '' : ','}{${members.join(',')}}`;
    if (open.length > PIECE_BYTES) flush();
  }
  open += ']}';
  flush();
  return new Response(toStream(pieces), { headers: { 'content-type': 'application/json' } });
}

function toStream(pieces: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
}

function toSchemaEntry(name: string, type: KqlType, { schemaCase, typeNames }: Quirks) {
  const typeName = typeNames === 'net' ? NET_TYPES[type] : type;
  return schemaCase === 'lower' ? { name, type: typeName } : { Name: name, Type: typeName };
}

/** Writes the members of one column. */
function toWriter(
  name: string,
  type: KqlType,
  { keyCase, nulls, annotates, truth }: Quirks,
): (value: Value) => readonly string[] {
  const key = keyCase === 'same' ? name : `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;
  const quoted = JSON.stringify(key);
  const isAnnotated = annotates && type === 'long';
  return (value) => {
    if (value === null) return nulls === 'null' ? [`${quoted}:null`] : [];
    const member = `${quoted}:${toJson(value, type, truth)}`;
    return isAnnotated ? [`${JSON.stringify(`${key}@odata.type`)}:"#Int64"`, member] : [member];
  };
}

function toJson(value: Exclude<Value, null>, type: KqlType, truth: Quirks['truth']): string {
  if (typeof value === 'bigint') {
    if (type === 'datetime') return JSON.stringify(formatDatetime(value));
    return type === 'timespan' ? JSON.stringify(formatTimespan(value)) : String(value);
  }
  if (typeof value === 'boolean' && truth === 'sbyte') return String(Number(value));
  return JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? Number(inner) : inner));
}
