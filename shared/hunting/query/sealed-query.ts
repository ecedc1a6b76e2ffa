import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { toCanonicalJson } from '../../audit/canonical-json.ts';
import { createBoundedMap } from '../../bounded-map.ts';
import type { Seal, SealProblem } from '../../crypto/seal.ts';
import type { Log } from '../../log.ts';
import type { Hunt, HuntRun } from '../hunt.ts';
import type { ResultStore } from '../result-store.ts';

/** What a hunt asks, and of whom. */
export interface HuntQuery {
  readonly text: string;
  /** Whether the hunt was made for the customer that a run names. */
  isFor(run: Pick<HuntRun, 'tenantId'>): boolean;
}

/**
 * The queries of hunts, sealed at rest together with their hunt and its customers: who writes the
 * storage account makes no broker ask anything, for anybody, of anybody else.
 */
export interface SealedQueries {
  put(hunt: Hunt, text: string, tenantIds: readonly string[]): Promise<void>;
  /** `undefined`: it is gone, or not what was asked: then the alarm is raised. */
  find(hunt: Hunt): Promise<HuntQuery | undefined>;
}

/** More hunts than anybody looks through. */
const MAX_ALARMS = 1000;

const querySchema = v.object({ text: v.string(), marks: v.array(v.string()) });

/** Creates the sealing. */
export function createSealedQueries({
  results,
  seal,
  log,
}: {
  results: Pick<ResultStore, 'putQuery' | 'findQuery'>;
  seal: Pick<Seal, 'seal' | 'open'>;
  log: Log;
}): SealedQueries {
  const raiseAlarm = createAlarm(log);
  return {
    async put(hunt, text, tenantIds) {
      const value = { text, marks: tenantIds.map((tenantId) => toMark(hunt, tenantId)) };
      const sealed = await seal.seal('hunt query', value, { context: toContext(hunt) });
      await results.putQuery(hunt.id, sealed);
    },
    async find(hunt) {
      const sealed = await results.findQuery(hunt.id);
      if (sealed === undefined) return undefined;
      const opened = await seal.open('hunt query', sealed, toContext(hunt));
      const query = v.safeParse(querySchema, 'value' in opened ? opened.value : undefined);
      if (query.success) return toQuery(hunt, query.output);
      raiseAlarm(hunt, 'problem' in opened ? opened.problem : 'invalid');
      return undefined;
    },
  };
}

/** Once for each hunt and process: messages of a hunt come again and again. */
function createAlarm(log: Log) {
  const raised = createBoundedMap<true>(MAX_ALARMS);
  return ({ id }: Hunt, problem: SealProblem): void => {
    if (raised.get(id)) return;
    raised.set(id, true);
    if (problem === 'key_lost') log.error('row.unreadable', { partition: id, row: 'query' });
    else log.error('integrity.violated', { table: 'hunts', key: id, problem });
  };
}

function toQuery(hunt: Hunt, { text, marks }: v.InferOutput<typeof querySchema>): HuntQuery {
  const known = new Set(marks);
  return {
    text,
    isFor: ({ tenantId }) => tenantId !== undefined && known.has(toMark(hunt, tenantId)),
  };
}

/** All that a hunt is: none of it changes. */
function toContext({ id, ...terms }: Hunt): Readonly<Record<string, string>> {
  return { hunt: id, terms: toCanonicalJson(terms) };
}

/** Not the id: an offboarding leaves none behind. */
function toMark({ id }: Hunt, tenantId: string): string {
  return createHash('sha256').update(`${id} ${tenantId}`).digest('base64url');
}
