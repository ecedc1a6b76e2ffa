import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { badRequest, type Refusal } from '../http/refusal.ts';
import {
  type Call,
  createSurface,
  type Surface,
  type SurfaceSettings,
  type VerifyAccessToken,
} from '../http/surface.ts';
import { createAnswer } from './answer.ts';
import { QueryError } from './kql/query-error.ts';
import { runQuery } from './kql/run-query.ts';
import { type Relation, TICKS_PER_MS } from './kql/value.ts';
import { type Quirks, toUsualQuirks } from './quirks.ts';
import { createTables, type TableSet } from './tables/tables.ts';
import { findInterval } from './timespan.ts';

const RESOURCE = 'https://graph.microsoft.com';
const PATH = /^\/v1\.0\/security\/runHuntingQuery\/?$/i;
const ROLES = ['ThreatHunting.Read.All'];

/** "At least 45 calls per minute per tenant" ("Use the Microsoft Graph security API"). */
const LIMITS = { perMinute: 45 };

/** What the front takes. */
const MAX_BODY_BYTES = 1_000_000;

/** Switches that stay until changed. */
interface HuntingSettings extends SurfaceSettings {
  /** `undefined`: as the tenant's id has it, so that customers differ. */
  readonly quirks: Quirks | undefined;
}

/** The hunting API over generated tables. */
export interface Hunting extends Surface {
  readonly tables: TableSet;
  readonly configure: (change: Partial<HuntingSettings>) => void;
}

const bodySchema = v.strictObject({
  Query: v.pipe(v.string(), v.nonEmpty()),
  Timespan: v.nullish(v.string()),
  workspaceId: v.nullish(v.string()),
});

/** Stands in for `POST https://graph.microsoft.com/v1.0/security/runHuntingQuery`. */
export function createHunting({
  verifyAccessToken,
  now = Date.now,
}: {
  verifyAccessToken: VerifyAccessToken;
  now?: () => number;
}): Hunting {
  let settings: HuntingSettings = { quotas: true, retryAfterIn: 'none', quirks: undefined };
  const tables = createTables(now());
  const surface = createSurface({
    verifyAccessToken,
    now,
    audiences: [RESOURCE, `${RESOURCE}/`],
    toErrorBody: (refusal) => toErrorBody(refusal, now()),
    settings: () => settings,
    operations: [{ method: 'POST', path: PATH, roles: ROLES, limits: LIMITS, answer }],
  });
  return {
    ...surface,
    tables,
    async handle(request) {
      const bytes = Number(request.headers.get('content-length') ?? 0);
      if (bytes > MAX_BODY_BYTES) return new Response('', { status: 413 });
      return await surface.handle(request);
    },
    configure(change) {
      settings = { ...settings, ...change };
    },
  };

  function answer({ tenantId, body }: Call): Response {
    const parsed = v.safeParse(bodySchema, body);
    if (!parsed.success) throw badRequest('The request body is not valid.');
    const { Query: query, Timespan: timespan } = parsed.output;
    const interval = findInterval(timespan ?? 'P30D', now());
    if (!interval) throw badRequest('The Timespan is not valid.');
    const findTable = (name: string): Relation | undefined => {
      const table = tables.find(tenantId, name);
      return table?.within && { ...table, rows: table.within(interval.from, interval.to) };
    };
    const quirks = settings.quirks ?? toUsualQuirks(tenantId);
    return run(() =>
      createAnswer(runQuery(query, { findTable, now: BigInt(now()) * TICKS_PER_MS }), quirks),
    );
  }
}

/** What the query does wrong is a 400, also where it shows only when rows are made. */
function run(makeAnswer: () => Response): Response {
  try {
    return makeAnswer();
  } catch (error) {
    if (error instanceof QueryError) throw badRequest(error.message);
    throw error;
  }
}

/** Graph writes the inner error in one way or the other. */
function toErrorBody({ code, message }: Refusal, at: number) {
  const requestId = randomUUID();
  const inner = {
    date: new Date(at).toISOString().slice(0, 19),
    'request-id': requestId,
    'client-request-id': requestId,
  };
  const graphCode = code === 'Unauthorized' ? 'InvalidAuthenticationToken' : code;
  const name = requestId < '8' ? 'innerError' : 'innererror';
  return { error: { code: graphCode, message, [name]: inner } };
}
