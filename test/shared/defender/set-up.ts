import { createDefenderXdrSource } from '../../../shared/defender/defender-xdr.ts';
import { createGraphSource } from '../../../shared/defender/graph.ts';
import { findInstant, type Instant } from '../../../shared/incidents/instant.ts';
import { CONTOSO, setUp as setUpApis } from '../../local/defender/set-up.ts';

export const ORIGIN = 'http://127.0.0.1';
export const KEY = { tenantId: CONTOSO, incidentId: '1001' };
const ROLES = ['Incident.ReadWrite.All', 'SecurityIncident.ReadWrite.All'];

/** A request as it was sent. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** What a source asks for as the first page of everything. */
export const FIRST_PAGE = { from: toInstant('2020-01-01T00:00:00Z'), top: 100, skip: 0 };

/** An instant that is known to be one. */
export function toInstant(text: string): Instant {
  const instant = findInstant(text);
  if (!instant) throw new Error(`${text} is no instant.`);
  return instant;
}

/** Both sources over both stand-ins, and the requests that they sent. */
export async function setUp() {
  const apis = await setUpApis();
  const sent: Sent[] = [];
  const fetchFrom =
    (handle: typeof apis.defender.handle): typeof fetch =>
    async (input, init) => {
      const request = new Request(input, init);
      sent.push({ method: request.method, url: request.url, headers: request.headers });
      return await handle(request);
    };
  const optionsOf = (handle: typeof apis.defender.handle, aud: string) => ({
    fetch: fetchFrom(handle),
    apiUrl: ORIGIN,
    getToken: (tid: string) => apis.issue({ aud, tid, roles: ROLES }),
    now: () => apis.clock.now,
  });
  const { defender, graph } = apis;
  return {
    ...apis,
    sent,
    xdr: createDefenderXdrSource(optionsOf(defender.handle, 'https://api.security.microsoft.com')),
    viaGraph: createGraphSource(optionsOf(graph.handle, 'https://graph.microsoft.com')),
  };
}

/** Both sources over a fetch that answers the same to every request. */
export function setUpAnswer(
  answer: (request: Request) => Response | Promise<Response>,
  token = 'a-token',
) {
  const asked: Request[] = [];
  const options = {
    fetch: (async (input, init) => {
      const request = new Request(input, init);
      asked.push(request);
      return await answer(request);
    }) satisfies typeof fetch,
    apiUrl: 'https://api.example',
    getToken: () => Promise.resolve(token),
    now: () => Date.parse('2026-11-20T10:00:00Z'),
  };
  return { asked, xdr: createDefenderXdrSource(options), viaGraph: createGraphSource(options) };
}
