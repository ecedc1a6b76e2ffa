import { joinPieces, type WholeBody } from './whole-body.ts';

/** Turns an absolute address of an API into one of the proxy; `undefined`: it is none. */
export type ToProxyUrl = (url: string) => string | undefined;

/**
 * Creates the translation. Only path and query are taken over: wherever a link pointed to, at the
 * proxy it leads to the API that the caller may call, and no caller's token follows it elsewhere.
 */
export function createToProxyUrl(proxyUrl: string, basePath: string): ToProxyUrl {
  return (url) => {
    const parsed = URL.parse(url);
    if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:')) return undefined;
    const { pathname, search } = parsed;
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
    return `${proxyUrl}${path}${search}`;
  };
}

/** The names of OData's links to what comes next, as they end within JSON. */
const NAMES = [Buffer.from('@odata.nextLink"'), Buffer.from('@odata.deltaLink"')];

/** What stands between a name and its text. */
const BEFORE_TEXT = /^\s*:\s*"/;

/** More space than anybody writes there. */
const MAX_SPACE = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A text within JSON, without its quotation marks. */
interface Place {
  readonly start: number;
  readonly end: number;
}

/** A place and what is to stand there. */
interface Edit extends Place {
  readonly text: Buffer;
}

/**
 * Rewrites the links to next pages within JSON, and leaves everything else as it is: parsing and
 * writing it anew would cost time and round large numbers. A quotation mark within a string is
 * escaped, so no text of an incident is taken for a link. The body may be changed in place.
 * Example: `{"@odata.nextLink":"https://graph.microsoft.com/v1.0/x?$skip=2"}` comes back with the
 * proxy's address.
 */
export function rewriteLinks(json: WholeBody, toProxyUrl: ToProxyUrl): WholeBody {
  const bytes = json.buffer.subarray(0, json.length);
  const places = NAMES.flatMap((name) => listLinks(bytes, name));
  const edits = places
    .toSorted((one, other) => one.start - other.start)
    .flatMap((place) => toEdit(bytes, place, toProxyUrl));
  const [first, ...others] = edits;
  if (!first) return json;
  if (others.length === 0 && fits(json, first)) return editInPlace(json, first);
  return joinPieces(cut(bytes, edits));
}

function toEdit(json: Buffer, { start, end }: Place, toProxyUrl: ToProxyUrl): readonly Edit[] {
  const url = findText(json.toString('utf8', start, end));
  const rewritten = url === undefined ? undefined : toProxyUrl(url);
  if (rewritten === undefined) return [];
  return [{ start, end, text: Buffer.from(JSON.stringify(rewritten).slice(1, -1)) }];
}

function fits({ buffer, length }: WholeBody, edit: Edit): boolean {
  return length + growthOf(edit) <= buffer.byteLength;
}

function growthOf({ start, end, text }: Edit): number {
  return text.byteLength - (end - start);
}

/** A page has one link, mostly at one of its ends: what follows is moved, and nothing is copied. */
function editInPlace({ buffer, length }: WholeBody, edit: Edit): WholeBody {
  const { start, end, text } = edit;
  buffer.copyWithin(end + growthOf(edit), end, length);
  buffer.set(text, start);
  return { buffer, length: length + growthOf(edit) };
}

function cut(json: Buffer, edits: readonly Edit[]): readonly Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let done = 0;
  for (const { start, end, text } of edits) {
    pieces.push(json.subarray(done, start), text);
    done = end;
  }
  return [...pieces, json.subarray(done)];
}

function listLinks(json: Buffer, name: Buffer): readonly Place[] {
  const places: Place[] = [];
  for (let at = json.indexOf(name); at >= 0; at = json.indexOf(name, at + name.length)) {
    const after = at + name.length;
    const [before] = BEFORE_TEXT.exec(json.toString('latin1', after, after + MAX_SPACE)) ?? [];
    if (before === undefined) continue;
    const start = after + before.length;
    const end = findEnd(json, start);
    if (end !== undefined) places.push({ start, end });
  }
  return places;
}

/** Where the string ends that begins here. */
function findEnd(json: Buffer, start: number): number | undefined {
  let end = json.indexOf(QUOTE, start);
  while (end > 0 && isEscaped(json, end)) end = json.indexOf(QUOTE, end + 1);
  return end < 0 ? undefined : end;
}

/** An odd number of backslashes stands before. */
function isEscaped(json: Buffer, at: number): boolean {
  let backslashes = 0;
  while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
  return backslashes % 2 === 1;
}

function findText(content: string): string | undefined {
  try {
    const text: unknown = JSON.parse(`"${content}"`);
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
