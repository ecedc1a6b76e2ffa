import { setTimeout } from 'node:timers/promises';
import type { Authorize } from '../../shared/callers/authorize.ts';
import { createIsBlocked } from '../../shared/callers/is-blocked.ts';
import type { Config } from '../../shared/config.ts';
import { createRunHuntingQuery } from '../../shared/defender/hunting/run-hunting-query.ts';
import { createCreateHunt } from '../../shared/hunting/admin/create-hunt.ts';
import { createHuntNow } from '../../shared/hunting/admin/hunt-now.ts';
import { createHunts } from '../../shared/hunting/admin/hunts.ts';
import { createRemoveHunt } from '../../shared/hunting/admin/remove-hunt.ts';
import { createSavedQueries } from '../../shared/hunting/admin/saved-queries.ts';
import { createWakeRuns } from '../../shared/hunting/admin/wake-runs.ts';
import { createDispatchHunts } from '../../shared/hunting/dispatch-hunts.ts';
import { createHuntAccess } from '../../shared/hunting/hunt-access.ts';
import {
  createSealedQueries,
  type SealedQueries,
} from '../../shared/hunting/query/sealed-query.ts';
import { createResultCursors } from '../../shared/hunting/results/cursor.ts';
import { createReadResults } from '../../shared/hunting/results/read-results.ts';
import type { GetHuntingToken } from '../../shared/hunting/run/find-target.ts';
import { createFindTask } from '../../shared/hunting/run/find-task.ts';
import { createRunHunt } from '../../shared/hunting/run/run-hunt.ts';
import { createFindSyncPause } from '../../shared/hunting/sync-pause.ts';
import { createGetWindow } from '../../shared/hunting/window.ts';
import type { GetRetentionMs } from '../../shared/retention/retention.ts';
import { createHuntSweep } from '../../shared/retention/sweep-hunts.ts';
import type { ToResultsUrl } from '../hunts/page-answer.ts';
import type { HuntingServices } from '../services.ts';
import type { Authority } from './authority.ts';
import type { Entra } from './entra.ts';
import { composeHuntStorage, type HuntStorage } from './hunt-storage.ts';
import type { Observer } from './observer.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';
import { createWithGrant } from './with-grant.ts';

const { now } = Date;
const startDeadline = (ms: number) => AbortSignal.timeout(ms);

/** What hunting is wired from. */
export interface HuntingParts {
  readonly storage: Storage;
  readonly entra: Entra;
  readonly tokens: Tokens;
  readonly observer: Observer;
  readonly authorize: Authorize;
  readonly authority: Pick<Authority, 'refusals'>;
  readonly getRetentionMs: GetRetentionMs;
}

/**
 * Wires hunts: what callers do with them, the customer's message, the timer's run, the daily sweep.
 */
export function composeHunting(config: Config, parts: HuntingParts): HuntingServices {
  const { entra, tokens, storage } = parts;
  const { log, metrics } = parts.observer;
  const { refusals } = parts.authority;
  const stores = composeHuntStorage({ storage, refusals, log });
  const { hunts, queries, purge } = stores;
  const isBlocked = createIsBlocked(tokens.grants);
  const decides = { ...entra, ...parts, ...tokens, isBlocked, epoch: tokens.watch };
  const access = createHuntAccess(decides);
  const getWindow = createGetWindow({ hunts, concurrency: config.hunting.concurrency, now });
  const savedQueries = createSavedQueries({ queries, now });
  const cursors = createResultCursors(entra.seal, config.publicBaseUrl);
  const { seal } = entra;
  const { tenants } = storage;
  const sealedQueries = createSealedQueries({ ...stores, seal });
  const own = { ...stores, sealedQueries };
  const common = { ...own, tenants, access, getWindow, seal, metrics, log, now };
  const createHunt = createCreateHunt({ ...common, findSavedQuery: savedQueries.find });
  const calls = composeCalls(config, parts, own);
  const runHunt = createRunHunt({ ...common, ...calls, sleep: setTimeout });
  const removeHunt = createRemoveHunt(common);
  const huntNow = createHuntNow({ createHunt, runHunt, hunts, access, startDeadline });
  const withGrant = createWithGrant(tokens, 'hunting');
  return {
    create: withGrant((input) => createHunt(input)),
    huntNow: (tenant, input) => withGrant((own: typeof input) => huntNow(tenant, own))(input),
    hunts: createHunts({ ...common, removeHunt, wakeRuns: createWakeRuns(common) }),
    readResults: createReadResults({ ...common, cursors }),
    toResultsUrl: createToResultsUrl(config.publicBaseUrl),
    savedQueries,
    runHunt,
    dispatch: createDispatchHunts(common),
    sweep: createHuntSweep({ ...common, ...parts, removeHunt }),
    purge,
  };
}

/** Wires what speaks to Microsoft; the tokens come from the broker itself. */
function composeCalls(
  { apiUrls, incidentSource }: Config,
  { storage, tokens, observer }: HuntingParts,
  stores: HuntStorage & { readonly sealedQueries: SealedQueries },
) {
  const getToken: GetHuntingToken = async (tenantId) => {
    // Used at once, and a customer may have made its tokens short: any that works will do.
    const token = await tokens.broker.getToken({ tenantId, resource: 'graph' }, 0);
    return { accessToken: token.accessToken, roles: token.claims?.roles };
  };
  return {
    getToken,
    runQuery: createRunHuntingQuery({ fetch: observer.fetch, apiUrl: apiUrls.graph, now }),
    findTask: createFindTask(stores),
    findSyncPause: createFindSyncPause({
      syncStates: storage.syncStates,
      defaultSource: incidentSource,
    }),
  };
}

function createToResultsUrl(publicBaseUrl: string): ToResultsUrl {
  return (huntId, { cursor, format }) =>
    `${publicBaseUrl}/api/hunts/${huntId}/results?${new URLSearchParams({ cursor, format })}`;
}
