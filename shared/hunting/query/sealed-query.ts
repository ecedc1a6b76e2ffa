import { createHash } from 'node:crypto';
import * as v from 'valibot';
import { toCanonicalJson } from '../../audit/chain/canonical-json.ts';
import type { Seal } from '../../crypto/seal.ts';
import type { Hunt, HuntRun } from '../hunt.ts';
import type { RefuseHunt } from '../refuse-hunt.ts';
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

const querySchema = v.object({ text: v.string(), marks: v.array(v.string()) });

/** Creates the sealing. */
export function createSealedQueries({
  results,
  seal,
  refuse,
}: {
  results: Pick<ResultStore, 'putQuery' | 'findQuery'>;
  seal: Pick<Seal, 'seal' | 'open'>;
  refuse: RefuseHunt;
}): SealedQueries {
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
      if (query.success) return toQuery(hunt, query.output, () => refuse(hunt.id, 'changed'));
      const isLost = 'problem' in opened && opened.problem === 'key_lost';
      refuse(hunt.id, isLost ? 'key_lost' : 'changed');
      return undefined;
    },
  };
}

function toQuery(
  hunt: Hunt,
  { text, marks }: v.InferOutput<typeof querySchema>,
  refuse: () => void,
): HuntQuery {
  const known = new Set(marks);
  return {
    text,
    isFor({ tenantId }) {
      const isKnown = tenantId !== undefined && known.has(toMark(hunt, tenantId));
      if (!isKnown) refuse();
      return isKnown;
    },
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
