import { toVersion } from '../precondition.ts';
import type { Grants } from './grants.ts';

/** The version of everything that operators decide about a caller. */
export function toGrantsVersion(grants: Grants): string {
  const { createdAt: _, updatedAt: __, blocked = false, clientSecret = false, ...rest } = grants;
  return toVersion({ ...rest, blocked, clientSecret });
}
