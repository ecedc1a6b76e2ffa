import { expect } from 'vitest';
import { createDefender } from '../../../local/defender/defender.ts';
import { createGraph } from '../../../local/defender/graph.ts';
import { createIncidentStore } from '../../../local/defender/incident-store.ts';
import type { Handle } from '../../../local/serve.ts';
import { createIssuer } from './issuer.ts';

export const NOW = Date.parse('2026-11-20T10:00:00Z');
export const CONTOSO = 'cccccccc-0000-4000-8000-000000000001';
export const FABRIKAM = 'ffffffff-0000-4000-8000-000000000002';

/** What an answer was, its body parsed when it is JSON. */
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Both surfaces over one store, a frozen clock, and callers that hold tokens with given claims. */
export async function setUp() {
  const clock = { now: NOW };
  const now = () => clock.now;
  const { issue, verifyAccessToken } = await createIssuer(now);
  const incidents = createIncidentStore({ now });
  const defender = createDefender({ verifyAccessToken, now, incidents });
  const graph = createGraph({ verifyAccessToken, now, incidents });
  return {
    clock,
    incidents,
    defender,
    graph,
    issue,
    asDefender: (roles: string[], tid = CONTOSO) =>
      createCaller(defender.handle, () =>
        issue({ aud: 'https://api.security.microsoft.com', tid, roles }),
      ),
    asGraph: (roles: string[], tid = CONTOSO) =>
      createCaller(graph.handle, () => issue({ aud: 'https://graph.microsoft.com', tid, roles })),
  };
}

function createCaller(handle: Handle, getToken: () => Promise<string>) {
  return async (path: string, init: RequestInit = {}): Promise<Answer> => {
    const headers = { ...init.headers, authorization: `Bearer ${await getToken()}` };
    const response = await handle(new Request(`http://127.0.0.1${path}`, { ...init, headers }));
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
}

/** The path of a list with query options, encoded. */
export function toPath(path: string, options: Record<string, string>): string {
  return `${path}?${new URLSearchParams(options)}`;
}

/** The error envelope of the Defender API; `target` is its tracking id. */
export function toEnvelope(code: string, message: unknown = expect.any(String)) {
  return { error: { code, message, target: expect.any(String) } };
}

/** The ids of the incidents in the body of a list. */
export function toIds(body: Record<string, unknown>): unknown[] {
  const incidents = body.value;
  return Array.isArray(incidents) ? incidents.map(({ incidentId }) => incidentId) : [];
}
