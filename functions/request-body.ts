import type { HttpRequest } from '@azure/functions';
import * as v from 'valibot';
import { BrokerError } from '../shared/errors.ts';

/** Larger than any request that the API knows. */
const LARGEST_BODY = 32 * 1024;

const LARGEST_PAGE = 500;

/** `limit` of a query that answers in pages. */
export const pageSizeSchema = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^\d{1,3}$/),
    v.transform(Number),
    v.minValue(1),
    v.maxValue(LARGEST_PAGE),
  ),
  '100',
);

/** Parses a JSON object body; no body is `{}`. Throws `invalid_request` that names the parameter. */
export async function readJson<S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S,
): Promise<v.InferOutput<S>> {
  return parseInput(schema, toObject(await readText(request)));
}

/** Parses a JSON or form body (RFC 6749 section 4.4.2); no body is `{}`. Throws `invalid_request`. */
export async function readJsonOrForm<S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S,
): Promise<v.InferOutput<S>> {
  const text = await readText(request);
  return parseInput(
    schema,
    isForm(request) ? Object.fromEntries(new URLSearchParams(text)) : toObject(text),
  );
}

/** Reads a form's text; throws `invalid_request` for any other body. */
export async function readForm(request: HttpRequest): Promise<string> {
  if (isForm(request)) return await readText(request);
  throw toInvalidRequest('The body is not a form.', 'Send application/x-www-form-urlencoded.');
}

/** Parses anything from outside; throws `invalid_request` that names the parameter. */
export function parseInput<S extends v.GenericSchema>(schema: S, input: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, input, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue);
  throw toInvalidRequest(
    path === null ? 'The body must be a JSON object.' : `The parameter ${path} is not acceptable.`,
    toHint(issue),
  );
}

function isForm({ headers }: HttpRequest): boolean {
  const type = headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  return type === 'application/x-www-form-urlencoded';
}

async function readText(request: HttpRequest): Promise<string> {
  const header = request.headers.get('content-length');
  if (header === null && announcesBody(request)) throw toChunked();
  const length = Number(header ?? 0);
  if (length === 0) return '';
  if (length > LARGEST_BODY) throw toTooLarge();
  const text = await request.text();
  if (text.length > LARGEST_BODY) throw toTooLarge();
  return text;
}

/** The Functions host drops chunked bodies: taking them for empty would do something else than was asked. */
function announcesBody({ headers }: HttpRequest): boolean {
  return headers.has('transfer-encoding') || headers.has('content-type');
}

function toObject(text: string): unknown {
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw toInvalidRequest('The body is not a JSON object.', 'Send a JSON object.');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What was expected, never what was sent. */
function toHint({ kind, type, expected }: v.BaseIssue<unknown>): string {
  if (type === 'strict_object') return 'Leave it out: the API knows no such parameter here.';
  return expected ? `Expected ${expected}.` : `It breaks the ${kind} ${type}.`;
}

function toChunked(): BrokerError {
  return toInvalidRequest('The body has no Content-Length.', 'Send it in one piece, not chunked.');
}

function toTooLarge(): BrokerError {
  return toInvalidRequest(`The body is larger than ${LARGEST_BODY} bytes.`, 'Send less.');
}

function toInvalidRequest(description: string, remedy: string): BrokerError {
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
