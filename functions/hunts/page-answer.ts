import type { HttpResponseInit } from '@azure/functions';
import type { ResultFormat } from '../../shared/hunting/results/format.ts';
import type { ResultPage } from '../../shared/hunting/results/read-results.ts';
import { toColumnJson } from './hunt-json.ts';

/** The absolute address of a page of results. */
export type ToResultsUrl = (
  huntId: string,
  query: { readonly cursor: string; readonly format: ResultFormat },
) => string;

/** What a page is answered with. */
interface PageContext {
  /** What a JSON page says besides its rows. */
  readonly about: Readonly<Record<string, unknown>> & { readonly hunt_id: string };
  readonly format: ResultFormat;
  readonly toResultsUrl: ToResultsUrl;
}

/** Seconds until there may be more, where a page has come up to what is stored. */
const RETRY_SECONDS = 2;

const MEDIA_TYPES: Readonly<Record<ResultFormat, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
};

/** A page of rows as an answer; its next one is in the Link header (RFC 8288). */
export function toPageAnswer(page: ResultPage, context: PageContext): HttpResponseInit {
  const { about, format, toResultsUrl } = context;
  const { next: cursor, rows } = page;
  return {
    body: toBody(page, context),
    headers: {
      'content-type': MEDIA_TYPES[format],
      ...(cursor !== undefined && {
        link: `<${toResultsUrl(about.hunt_id, { cursor, format })}>; rel="next"`,
        ...(rows === 0 && { 'retry-after': String(RETRY_SECONDS) }),
      }),
      // File names in headers have to be ASCII.
      ...(format !== 'json' && {
        'content-disposition': `attachment; filename="hunt-${about.hunt_id}.${format}"`,
      }),
    },
  };
}

/** Rows are text already: they are not read once more. */
function toBody({ text, columns, ...page }: ResultPage, { about, format }: PageContext): Buffer {
  if (format !== 'json') return text;
  const { next: next_cursor, withheldTenants } = page;
  const rest = JSON.stringify({
    ...about,
    columns: columns.map(toColumnJson),
    next_cursor,
    ...(withheldTenants > 0 && { withheld_tenants: withheldTenants }),
  });
  const head = Buffer.from(`${rest.slice(0, -1)},"value":[`);
  return Buffer.concat([head, text, Buffer.from(']}')]);
}
