import { toIntegrityError } from '../../shared/authority/integrity.ts';
import { createSeal } from '../../shared/crypto/seal.ts';
import { createSealedQueries } from '../../shared/hunting/query/sealed-query.ts';
import type { ResultStore } from '../../shared/hunting/result-store.ts';
import { RING } from './broker.ts';

/** Nobody attacks the fixtures. */
export const refuse = () => toIntegrityError('hunts');

/** What seals the queries of hunts, as in the broker. */
export function createSealedParts(results: ResultStore) {
  const seal = createSeal(RING, Date.now);
  return { seal, sealedQueries: createSealedQueries({ results, seal, refuse }) };
}
