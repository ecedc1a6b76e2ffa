import { setTimeout as sleep } from 'node:timers/promises';
import { COUNT_COLUMN } from '../../shared/hunting/kql/edit-query.ts';

/** How a customer of the upstream answers. */
export interface UpstreamCustomer {
  readonly rows: number;
  /** `dead`: 500 to everything; `throttled`: 429 with fifteen minutes. */
  readonly fault?: 'dead' | 'throttled';
}

const DAY = 24 * 60 * 60_000;
/** Within the thirty days that a hunt looks back. */
const SPAN_MS = 29 * DAY;

const MAX_ANSWER_ROWS = 100_000;
const PAGE_ROWS = 500;

/**
 * Microsoft's side of hunting without a language: rows are spread evenly over 29 days, conditions
 * of time and counts by time are read out of the query, and everything else in it is passed over.
 * The token is the customer's id.
 */
export function createHuntUpstream({
  customers,
  delayMs,
  now,
}: {
  customers: ReadonlyMap<string, UpstreamCustomer>;
  delayMs: number;
  now: number;
}) {
  const seen = { calls: 0, rows: 0 };
  const start = now - SPAN_MS - DAY / 2;
  const fetch = async (_url: unknown, init?: RequestInit): Promise<Response> => {
    seen.calls++;
    if (delayMs > 0) await sleep(delayMs, undefined, toSignal(init));
    const tenantId = new Headers(init?.headers).get('authorization')?.slice(7) ?? '';
    const customer = customers.get(tenantId);
    if (customer?.fault === 'dead') return toError(500);
    if (customer?.fault === 'throttled') return toError(429, { 'retry-after': '900' });
    const query: string = JSON.parse(String(init?.body)).Query;
    const table = { start, stepMs: SPAN_MS / (customer?.rows ?? 1), rows: customer?.rows ?? 0 };
    const [from, to] = toRange(query, table);
    if (query.includes(COUNT_COLUMN)) return toCounts(query, table, [from, to]);
    const end = Math.min(to, from + MAX_ANSWER_ROWS);
    seen.rows += end - from;
    return new Response(toStream(table, [from, end]));
  };
  return { seen, fetch: fetch as typeof globalThis.fetch };
}

interface Table {
  readonly start: number;
  readonly stepMs: number;
  readonly rows: number;
}

type Range = readonly [from: number, to: number];

function toSignal(init: RequestInit | undefined) {
  return init?.signal ? { signal: init.signal } : {};
}

/** The numbers of the rows whose time lies between the query's bounds. */
function toRange(query: string, { start, stepMs, rows }: Table): Range {
  const match = />= datetime\((\S+)\) and \w+ < datetime\((\S+)\)/.exec(query);
  if (!match) return [0, rows];
  const [from, to] = match
    .slice(1)
    .map((text) => Math.min(rows, Math.max(0, Math.ceil((Date.parse(text) - start) / stepMs))));
  return [from ?? 0, to ?? rows];
}

function toCounts(query: string, table: Table, [from, to]: Range): Response {
  const binMs = Number(/, (\d+)ms\)/.exec(query)?.[1] ?? 1);
  const counts = new Map<number, number>();
  for (let row = from; row < to; row++) {
    const bin = Math.floor((table.start + row * table.stepMs) / binMs) * binMs;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  const schema = [
    { name: COUNT_COLUMN, type: 'Int64' },
    { name: 'HuntBin', type: 'DateTime' },
  ];
  const results = [...counts].map(([bin, count]) => ({
    [COUNT_COLUMN]: count,
    HuntBin: new Date(bin).toISOString(),
  }));
  return Response.json({ schema, results });
}

/** Pieces of the answer, made when they are read. */
function toStream(table: Table, [from, to]: Range): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let row = from;
  let isBegun = false;
  return new ReadableStream({
    pull(controller) {
      if (!isBegun) {
        isBegun = true;
        controller.enqueue(encoder.encode(`{"schema":${SCHEMA},"results":[`));
        return;
      }
      const end = Math.min(to, row + PAGE_ROWS);
      const lines: string[] = [];
      for (; row < end; row++) lines.push(`${row === from ? '' : ','}${toRow(table, row)}`);
      if (lines.length > 0) controller.enqueue(encoder.encode(lines.join('')));
      if (row < to) return;
      controller.enqueue(encoder.encode(']}'));
      controller.close();
    },
  });
}

const SCHEMA = JSON.stringify([
  { name: 'Timestamp', type: 'DateTime' },
  { name: 'ReportId', type: 'Int64' },
  { name: 'DeviceName', type: 'String' },
]);

function toRow({ start, stepMs }: Table, row: number): string {
  const at = new Date(start + row * stepMs).toISOString();
  return `{"Timestamp":"${at}","ReportId":${row},"DeviceName":"pc-${row % 977}.customer.example"}`;
}

function toError(status: number, headers: Record<string, string> = {}): Response {
  const error = { code: 'Error', message: 'Too many requests.', innerError: {} };
  return Response.json({ error }, { status, headers });
}
