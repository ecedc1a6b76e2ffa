import { createBoundedMap } from '../../bounded-map.ts';

/** Customers differ in what they granted, but not in a thousand ways. */
const MAX_LISTS = 1000;

/**
 * Creates what answers one list for all equal lists of roles: thousands of tokens in memory name
 * the same few roles.
 */
export function createShareRoles(): (roles: readonly string[]) => readonly string[] {
  const lists = createBoundedMap<readonly string[]>(MAX_LISTS);
  return (roles) => {
    const key = JSON.stringify(roles);
    const known = lists.get(key);
    if (known) return known;
    lists.set(key, roles);
    return roles;
  };
}
