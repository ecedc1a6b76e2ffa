import { createSeal } from '../../shared/crypto/seal.ts';
import { createSealedQueries } from '../../shared/hunting/query/sealed-query.ts';
import type { ResultStore } from '../../shared/hunting/result-store.ts';
import { RING } from './broker.ts';

/** What seals the queries of hunts, as in the broker. */
export function createSealedParts(results: ResultStore) {
  const seal = createSeal(RING, Date.now);
  const refusals = { report: () => undefined };
  return { seal, sealedQueries: createSealedQueries({ results, seal, refusals }) };
}
