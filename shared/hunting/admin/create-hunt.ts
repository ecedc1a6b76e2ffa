import { randomUUID } from 'node:crypto';
import type { Caller } from '../../callers/caller.ts';
import type { Seal } from '../../crypto/seal.ts';
import type { TenantStore } from '../../tenants/tenant.ts';
import type { Hunt, HuntProgress, HuntRun } from '../hunt.ts';
import type { HuntAccess } from '../hunt-access.ts';
import { toInvalidError, toQueryError } from '../hunt-errors.ts';
import type { HuntStore } from '../hunt-store.ts';
import { isProblem, parseQuery } from '../kql/parse-query.ts';
import { MAX_ROWS, MAX_TOTAL_ROWS } from '../limits.ts';
import { bindParameters, type ParameterTypes, type ParameterValues } from '../query/parameters.ts';
import type { SealedQueries } from '../query/sealed-query.ts';
import { findTimeSpan } from '../query/timespan.ts';
import { admitRuns, createProgress } from '../run/progress.ts';
import type { EnqueueRun } from '../run/run-parts.ts';
import type { FindSavedQuery } from '../saved-query.ts';
import type { GetWindow } from '../window.ts';
import { findTargets, type TargetQuery, type Targets } from './find-targets.ts';

/** A hunt as it was asked for. */
export interface HuntInput extends TargetQuery {
  readonly caller: Caller;
  readonly query: QueryInput;
  /** ISO 8601. */
  readonly timespan: string | undefined;
  readonly maxRows: number | undefined;
  readonly maxTotalRows: number | undefined;
  readonly name: string | undefined;
  /**
   * Records the hunt and whom it is about, before anybody is asked: what can't be recorded is not
   * done.
   */
  readonly record: (hunt: Hunt, tenantIds: readonly string[]) => Promise<void>;
}

/** A query's text with types for its parameters, or the name of a saved one. */
export type QueryInput =
  | { readonly text: string; readonly types: ParameterTypes; readonly values: ParameterValues }
  | { readonly savedName: string; readonly values: ParameterValues };

/** A hunt that was made. */
interface CreatedHunt {
  readonly hunt: Hunt;
  readonly progress: HuntProgress;
}

/** What making a hunt takes. */
interface CreateHuntParts {
  readonly hunts: HuntStore;
  readonly sealedQueries: Pick<SealedQueries, 'put'>;
  readonly tenants: Pick<TenantStore, 'list'>;
  readonly access: HuntAccess;
  readonly findSavedQuery: FindSavedQuery;
  readonly seal: Pick<Seal, 'seal'>;
  readonly enqueue: EnqueueRun;
  readonly getWindow: GetWindow;
  readonly now: () => number;
}

/** Makes a hunt and sends its first runs to the queue, unless who made it works on them. */
export type CreateHunt = (
  input: HuntInput,
  options?: { readonly isWorkedOn?: boolean },
) => Promise<CreatedHunt>;

/** Creates the function. */
export function createCreateHunt(parts: CreateHuntParts): CreateHunt {
  return async (input, { isWorkedOn = false } = {}) => {
    const { boundLines, text } = await toQueryText(parts, input.query);
    const targets = await findTargets(parts, input.caller, input);
    const hunt = toHunt(input, { boundLines, now: parts.now() });
    const denied = await sealNames(parts.seal, hunt, targets.deniedNames);
    const runs = toRuns(hunt, targets, denied);
    const first = createProgress(runs.length, denied.length, parts.now());
    const { progress, admitted } = admitRuns(
      first,
      await parts.getWindow({ callerId: hunt.callerId }),
    );
    await input.record(hunt, targets.tenantIds);
    await parts.sealedQueries.put(hunt, text, targets.tenantIds);
    await parts.hunts.create(hunt, progress, runs);
    if (!isWorkedOn) {
      for (const index of admitted) await parts.enqueue({ huntId: hunt.id, index }, 0);
    }
    return { hunt, progress };
  };
}

/**
 * The text that is asked: the caller's own is looked at first, so that positions are those that the
 * caller sees.
 */
async function toQueryText(
  { findSavedQuery }: CreateHuntParts,
  input: QueryInput,
): Promise<{ text: string; boundLines: number }> {
  const { text: own, types } = 'savedName' in input ? await findSavedQuery(input.savedName) : input;
  const parsed = parseQuery(own);
  if (isProblem(parsed)) throw toQueryError(parsed);
  const text = bindParameters(own, types, input.values);
  const bound = parseQuery(text);
  if (isProblem(bound)) throw toQueryError({ ...bound, line: undefined });
  return { text, boundLines: Object.keys(types).length };
}

function toHunt(
  { caller, query, timespan, name, maxRows, maxTotalRows }: HuntInput,
  { boundLines, now }: { boundLines: number; now: number },
): Hunt {
  const span = timespan === undefined ? undefined : findTimeSpan(timespan, now);
  if (timespan !== undefined && !span) {
    throw toInvalidError(
      'The parameter timespan is no ISO 8601 interval.',
      'Use a duration as P7D, or start/end, start/duration, duration/end, or a start in the past.',
    );
  }
  return {
    id: randomUUID(),
    callerId: caller.id,
    clientId: caller.clientId,
    name,
    savedQuery: 'savedName' in query ? query.savedName : undefined,
    boundLines,
    timespan: span,
    maxRows: maxRows ?? MAX_ROWS,
    maxTotalRows: maxTotalRows ?? MAX_TOTAL_ROWS,
    createdAt: now,
  };
}

/**
 * Names may be those of tenants that nobody has onboarded, or that are gone: they are kept, and
 * can't be found.
 */
async function sealNames(
  seal: Pick<Seal, 'seal'>,
  { id }: Hunt,
  names: readonly string[],
): Promise<readonly string[]> {
  return await Promise.all(
    names.map((name) => seal.seal('hunt name', name, { context: { hunt: id } })),
  );
}

/** Who may not be asked comes first, and has ended. */
function toRuns(hunt: Hunt, { tenantIds }: Targets, denied: readonly string[]): HuntRun[] {
  const { createdAt } = hunt;
  const rest = tenantIds.map((tenantId, place) =>
    createRun(hunt, { index: denied.length + place, tenantId }),
  );
  const ended = denied.map((sealedName, index) => ({
    ...createRun(hunt, { index, tenantId: undefined }),
    sealedName,
    problem: 'not_granted' as const,
    startedAt: createdAt,
    endedAt: createdAt,
  }));
  return [...ended, ...rest];
}

function createRun(
  { id: huntId, createdAt }: Hunt,
  { index, tenantId }: { index: number; tenantId: string | undefined },
): HuntRun {
  return {
    huntId,
    index,
    tenantId,
    sealedName: undefined,
    plan: { kind: 'whole' },
    rows: 0,
    calls: 0,
    dueAt: createdAt,
    startedAt: undefined,
    endedAt: undefined,
    isWaiting: false,
    failures: 0,
    throttledSince: undefined,
    problem: undefined,
    refusal: undefined,
    lease: undefined,
    writer: undefined,
    revision: 0,
  };
}
