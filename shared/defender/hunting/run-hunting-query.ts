import * as v from 'valibot';
import type { Column } from '../../hunting/hunt.ts';
import {
  HuntingApiError,
  type QueryAnswer,
  type QueryRequest,
  type RunHuntingQuery,
  type TakeRow,
} from '../../hunting/hunting-api.ts';
import { findRetryAfter } from '../../retry/retry-after.ts';
import type { Fetch } from '../defender-http.ts';
import { addSeenKeys, findColumns } from './column.ts';
import { toBadRequestProblem, toThrottleReason } from './error-sentence.ts';
import { readMembers } from './json-members.ts';

/** Microsoft gives a query three minutes; reading 50 MB takes some more. Milliseconds. */
const TIMEOUT_MS = 230_000;

/** Microsoft's answers have 50 MB at most. */
const MAX_ANSWER_BYTES = 80 * 1024 * 1024;

/** More than any error body says. */
const MAX_ERROR_BYTES = 64 * 1024;

/** More keys than any schema has columns: rows of another kind. */
const MAX_KEYS = 2000;

/** What speaking to Microsoft Graph takes. */
interface HuntingApiOptions {
  readonly fetch: Fetch;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  readonly now: () => number;
}

/**
 * Creates the call of `POST /v1.0/security/runHuntingQuery` ("security: runHuntingQuery", Microsoft
 * Graph v1.0).
 */
export function createRunHuntingQuery(options: HuntingApiOptions): RunHuntingQuery {
  return async (request, takeRow) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    try {
      const response = await ask(options, request, signal);
      if (!response.ok) return await refuse(response, options.now());
      return await readAnswer(response, takeRow);
    } catch (error) {
      throw toApiError(error, { timeout, request });
    }
  };
}

async function ask(
  { fetch, apiUrl }: HuntingApiOptions,
  { accessToken, query, timespan }: QueryRequest,
  signal: AbortSignal,
): Promise<Response> {
  return await fetch(`${apiUrl}/v1.0/security/runHuntingQuery`, {
    method: 'POST',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${accessToken}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ Query: query, ...(timespan !== undefined && { Timespan: timespan }) }),
    // The token would go with it.
    redirect: 'manual',
    signal,
  });
}

/**
 * Neither network nor time-out says anything about the data; a row that could not be stored is no
 * answer of Microsoft's.
 */
function toApiError(
  error: unknown,
  { timeout, request }: { timeout: AbortSignal; request: QueryRequest },
): unknown {
  if (error instanceof HuntingApiError || error instanceof RowNotTaken) return toCause(error);
  if (request.signal?.aborted) return new HuntingApiError({ kind: 'aborted' }, error);
  if (timeout.aborted) return new HuntingApiError({ kind: 'timed_out' }, error);
  // Without its cause: the parser quotes what it read, which may be personal.
  if (error instanceof SyntaxError) return new HuntingApiError({ kind: 'malformed' });
  return new HuntingApiError({ kind: 'unavailable' }, error);
}

/** What failed on our side while rows came: it is passed on as it is. */
class RowNotTaken extends Error {
  override readonly name = 'RowNotTaken';
}

function toCause(error: HuntingApiError | RowNotTaken): unknown {
  return error instanceof RowNotTaken ? error.cause : error;
}

const errorSchema = v.object({ error: v.object({ message: v.nullish(v.string(), '') }) });

async function refuse(response: Response, now: number): Promise<never> {
  const { status, headers } = response;
  const text = await readStart(response).catch(() => '');
  const body = findJson(text);
  const parsed = v.safeParse(errorSchema, body);
  const message = parsed.success ? parsed.output.error.message : '';
  const retryAfterMs = findRetryAfter(headers, now, message);
  switch (status) {
    case 400:
      throw new HuntingApiError(toBadRequestProblem(message, retryAfterMs));
    case 401:
      throw new HuntingApiError({ kind: 'unauthorized' });
    case 403:
      throw new HuntingApiError({ kind: 'forbidden' });
    case 408:
    case 504:
      throw new HuntingApiError({ kind: 'timed_out' });
    case 413:
      throw new HuntingApiError({ kind: 'too_long' });
    case 429:
      throw new HuntingApiError({
        kind: 'throttled',
        reason: toThrottleReason(message),
        retryAfterMs,
      });
    default:
      throw new HuntingApiError({ kind: status >= 500 ? 'unavailable' : 'malformed' });
  }
}

async function readAnswer(response: Response, takeRow: TakeRow): Promise<QueryAnswer> {
  let columns: readonly Column[] | undefined;
  let hasRows = false;
  const keys = new Set<string>();
  const isResults = (name: string) => name.toLowerCase() === 'results';
  for await (const { name, isElement, text } of readMembers(decode(response), isResults)) {
    if (isElement) {
      hasRows = true;
      const row = toRow(text, keys);
      if (!(await take(takeRow, row))) return { columns: addSeenKeys(columns ?? [], keys) };
    } else if (name.toLowerCase() === 'schema') {
      columns = findColumns(JSON.parse(text));
    }
  }
  // Whatever else is JSON is no result: an error with status 200, as from a proxy in between.
  if (columns === undefined && !hasRows) throw new HuntingApiError({ kind: 'malformed' });
  return { columns: addSeenKeys(columns ?? [], keys) };
}

async function take(takeRow: TakeRow, row: string): Promise<boolean> {
  try {
    return await takeRow(row);
  } catch (cause) {
    throw new RowNotTaken('A row was not taken.', { cause });
  }
}

/** The row's JSON in one line; line breaks in JSON stand between its words only. */
function toRow(text: string, keys: Set<string>): string {
  const row: unknown = JSON.parse(text);
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    throw new HuntingApiError({ kind: 'malformed' });
  }
  for (const key of Object.keys(row)) keys.add(key);
  if (keys.size > MAX_KEYS) throw new HuntingApiError({ kind: 'malformed' });
  return text.replace(/[\r\n]+/g, ' ');
}

/** The text of a body, piece by piece; leaving the loop cancels the rest. */
async function* decode(response: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const piece of response.body ?? []) {
    bytes += piece.byteLength;
    if (bytes > MAX_ANSWER_BYTES) throw new HuntingApiError({ kind: 'too_large' });
    yield decoder.decode(piece, { stream: true });
  }
  yield decoder.decode();
}

async function readStart(response: Response): Promise<string> {
  let text = '';
  for await (const piece of decode(response)) {
    text += piece;
    if (text.length > MAX_ERROR_BYTES) break;
  }
  return text;
}

function findJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
