import type { HttpRequest } from '@azure/functions';
import type * as v from 'valibot';
import { findDoubledKey } from './doubled-key.ts';
import { toInvalidRequest, toShownName } from './invalid-request.ts';
import { parseInput } from './parse-input.ts';

/** Larger than any request but those of routes that say so. */
const MAX_BODY_BYTES = 32 * 1024;

const FORM = 'application/x-www-form-urlencoded';

/** Throws on other encodings, of which letters would be lost in silence. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Parses a JSON object body, whatever its Content-Type; no body is `{}`. Throws `invalid_request`.
 */
export async function readJson<S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S,
  maxBytes = MAX_BODY_BYTES,
): Promise<v.InferOutput<S>> {
  const text = await readText(request, maxBytes);
  return parseInput(schema, toObject(text, 'This route takes JSON only.'));
}

/**
 * Parses a body by its Content-Type: a form (RFC 6749 section 4.4.2) or else JSON; no body is `{}`.
 * Throws `invalid_request` that says as what the body was read.
 */
export async function readJsonOrForm<S extends v.GenericSchema>(
  request: HttpRequest,
  schema: S,
): Promise<v.InferOutput<S>> {
  const text = await readText(request);
  const isForm = toMediaType(request.headers.get('content-type')) === FORM;
  const how = `A form needs the Content-Type ${FORM}.`;
  return parseInput(schema, isForm ? toFields(text) : toObject(text, how));
}

/** Reads the text of a form; throws `invalid_request` for any other body. */
export async function readForm(request: HttpRequest): Promise<string> {
  const text = await readText(request);
  if (toMediaType(request.headers.get('content-type')) === FORM) return text;
  throw toInvalidRequest('The body is not a form.', `Send a form with the Content-Type ${FORM}.`);
}

/** Reads a body as it is, of one piece; throws `invalid_request`. `undefined`: there is none. */
export async function readBytes(
  request: HttpRequest,
  maxBytes: number,
): Promise<ArrayBuffer | undefined> {
  const length = Number(request.headers.get('content-length') ?? 0);
  if (length === 0) {
    if (request.headers.has('transfer-encoding')) throw toChunkedError();
    return undefined;
  }
  if (length > maxBytes) throw toTooLargeError(maxBytes);
  assertUnpacked(request);
  if (request.method !== 'GET') return await request.arrayBuffer();
  throw toInvalidRequest('A GET carries no body.', 'Leave the body out.');
}

/** Of a route that takes no body: refuses one that says something. */
export async function assertNoBody(request: HttpRequest): Promise<void> {
  if (Number(request.headers.get('content-length') ?? 0) === 0) {
    if (request.headers.has('transfer-encoding')) throw toChunkedError();
    return;
  }
  const text = (await readText(request)).trim();
  if (text === '' || /^\{\s*\}$/.test(text)) return;
  throw toInvalidRequest('The route takes no body.', 'Leave the body out.');
}

async function readText(request: HttpRequest, maxBytes = MAX_BODY_BYTES): Promise<string> {
  const header = request.headers.get('content-length');
  if (header === null && announcesBody(request)) throw toChunkedError();
  const length = Number(header ?? 0);
  if (length === 0) return '';
  if (length > maxBytes) throw toTooLargeError(maxBytes);
  assertUnpacked(request);
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > maxBytes) throw toTooLargeError(maxBytes);
  return decode(bytes);
}

/**
 * The Functions host drops chunked bodies: taking them for empty would do something else than was
 * asked.
 */
function announcesBody({ headers }: HttpRequest): boolean {
  return headers.has('transfer-encoding') || headers.has('content-type');
}

/** Nothing here unpacks a body, and an API behind the proxy would not learn that it is packed. */
function assertUnpacked({ headers }: HttpRequest): void {
  const encoding = headers.get('content-encoding')?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return;
  throw toInvalidRequest('The body is compressed.', 'Send it as it is, without Content-Encoding.');
}

function decode(bytes: ArrayBuffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    const remedy =
      'Encode it as UTF-8; Windows PowerShell 5.1 needs -Body ([Text.Encoding]::UTF8.GetBytes($json)).';
    throw toInvalidRequest('The body is not UTF-8.', remedy);
  }
}

/** The media type without its parameters (RFC 9110 section 8.3.1). */
function toMediaType(contentType: string | null): string {
  const [type = ''] = (contentType ?? '').split(';', 1);
  return type.trim().toLowerCase();
}

function toObject(text: string, hint: string): unknown {
  if (text.trim() === '') return {};
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const remedy = `Send a JSON object with the Content-Type application/json. ${hint}`;
    throw toInvalidRequest('The body was read as JSON and is not a JSON object.', remedy);
  }
  const doubled = findDoubledKey(text);
  if (doubled !== undefined) throw toDoubledError(doubled);
  const unusable = findUnusableName(value, NAMED_DEPTH);
  if (unusable !== undefined) {
    throw toInvalidRequest(`The parameter ${unusable} can not be used.`, 'Use another name.');
  }
  return value;
}

/** Names that schemas leave out of objects without a word: what was sent would be lost. */
const UNUSABLE_NAMES = ['__proto__', 'constructor', 'prototype'] as const;

/** The body and the objects in it have names; below are values, whose names are the caller's. */
const NAMED_DEPTH = 2;

function findUnusableName(value: unknown, depth: number): string | undefined {
  if (typeof value !== 'object' || value === null || depth === 0) return undefined;
  const own = UNUSABLE_NAMES.find((name) => Object.hasOwn(value, name));
  if (own !== undefined && !Array.isArray(value)) return own;
  for (const one of Object.values(value)) {
    const inner = findUnusableName(one, depth - (Array.isArray(value) ? 0 : 1));
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toFields(text: string): Record<string, string> {
  const form = new URLSearchParams(text);
  for (const name of form.keys()) {
    if (name.trim().startsWith('{')) throw toJsonAsFormError();
    if (form.getAll(name).length > 1) throw toDoubledError(name);
  }
  return Object.fromEntries(form);
}

/** `curl -d` and many libraries say that it is a form unless they are told. */
function toJsonAsFormError(): Error {
  const description = `The body was read as a form, as its Content-Type is ${FORM}, and looks like JSON.`;
  return toInvalidRequest(description, 'Send JSON with the Content-Type application/json.');
}

function toDoubledError(name: string): Error {
  const description = `The parameter ${toShownName(name)} is given twice.`;
  return toInvalidRequest(description, 'Give it once.', {
    logDescription: 'A parameter of the body is given twice.',
  });
}

function toChunkedError(): Error {
  return toInvalidRequest(
    'The body has no Content-Length.',
    'Send it in one piece, not chunked: the Functions host drops chunked bodies. In .NET send StringContent, or await LoadIntoBufferAsync() of JsonContent, instead of PostAsJsonAsync; in Java use BodyPublishers.ofString, or Spring with BufferingClientHttpRequestFactory; in API Management set the body with set-body.',
  );
}

function toTooLargeError(maxBytes = MAX_BODY_BYTES): Error {
  return toInvalidRequest(`The body is larger than ${maxBytes} bytes.`, 'Send less.');
}
