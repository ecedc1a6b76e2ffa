import type { FetchedIncident, IncidentKey } from '../incidents/incident.ts';
import { type IncidentPage, type PageQuery, SourceError } from '../incidents/incident-source.ts';
import { type ApiOptions, type ApiRoles, createAsk } from './defender-http.ts';
import { isIncidentId } from './incident-fields.ts';
import { checkLink, isOwnLink } from './next-link.ts';
import { findOne, type Rows, toOne, toPage } from './rows.ts';

/** In what the APIs differ when they are asked. */
interface Dialect extends Rows {
  /** Where the list is; one incident is below it. */
  readonly listPath: string;
  readonly pageSize: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly roles: ApiRoles;
}

/** The requests that both APIs know; `undefined`: there is no such incident. */
export interface IncidentApi {
  readonly list: (tenantId: string, query: PageQuery) => Promise<IncidentPage>;
  readonly get: (key: IncidentKey, query?: string) => Promise<FetchedIncident | undefined>;
  readonly patch: (key: IncidentKey, change: object) => Promise<FetchedIncident | undefined>;
  /** Posts to a collection of the incident's; whether there is such an incident. */
  readonly post: (key: IncidentKey, collection: string, item: object) => Promise<boolean>;
}

/** Creates the requests of one API. */
export function createIncidentApi(dialect: Dialect, options: ApiOptions): IncidentApi {
  const { headers } = dialect;
  const ask = createAsk(options, dialect.roles);
  const listUrl = `${options.apiUrl}${dialect.listPath}`;

  const askOne = async (
    { tenantId, incidentId }: IncidentKey,
    { suffix = '', ...request }: OneRequest,
  ) => {
    // Anything else, such as "..", would be another address.
    if (!isIncidentId(incidentId)) return undefined;
    return await ask(tenantId, { ...request, headers, url: `${listUrl}/${incidentId}${suffix}` });
  };

  const get = async (key: IncidentKey, query = '') => {
    const answer = await askOne(key, { method: 'GET', suffix: query });
    return answer && toOne(answer, key, dialect);
  };

  return {
    async list(tenantId, query) {
      const url =
        query.link === undefined
          ? `${listUrl}?${toListQuery(query, dialect)}`
          : checkLink(query.link, listUrl);
      const answer = await ask(tenantId, { method: 'GET', url, headers, isPage: query.top > 1 });
      if (!answer) throw new SourceError('refused');
      return withOwnLink(toPage(answer, tenantId, dialect), listUrl);
    },
    get,
    async patch(key, change) {
      const answer = await askOne(key, { method: 'PATCH', body: change });
      if (!answer) return undefined;
      // It is changed, whatever the answer says: an error would have the caller repeat it.
      return findOne(answer, key, dialect) ?? (await get(key));
    },
    async post(key, collection, item) {
      const request = { method: 'POST', suffix: `/${collection}`, body: item } as const;
      return (await askOne(key, request)) !== undefined;
    },
  };
}

/** A page is as good as it is, wherever it says to go on: the rows can be counted instead. */
function withOwnLink(page: IncidentPage, listUrl: string): IncidentPage {
  if (page.nextLink === undefined || isOwnLink(page.nextLink, listUrl)) return page;
  const skipped = [...page.skipped, { incidentId: undefined, reason: 'foreign_link' } as const];
  return { ...page, skipped, nextLink: undefined };
}

interface OneRequest {
  readonly method: 'GET' | 'PATCH' | 'POST';
  readonly suffix?: string;
  readonly body?: object;
}

function toListQuery(
  { from, to, below, top, skip }: PageQuery,
  { timeFields, pageSize }: Dialect,
): string {
  const conditions = [
    `${timeFields.updated} ge ${from}`,
    ...(to === undefined ? [] : [`${timeFields.updated} lt ${to}`]),
    ...(below === undefined ? [] : [`${timeFields[below.by]} le ${below.at}`]),
  ];
  return [
    `$filter=${encodeURIComponent(conditions.join(' and '))}`,
    `$top=${Math.min(top, pageSize)}`,
    ...(skip > 0 ? [`$skip=${skip}`] : []),
  ].join('&');
}
