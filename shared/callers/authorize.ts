import { createBoundedMap } from '../bounded-map.ts';
import type { CachedDirectory } from '../cached-directory.ts';
import type { Log } from '../log.ts';
import { HOUR } from '../time.ts';
import type { Caller } from './caller.ts';
import type { GrantableName, Grants } from './grants.ts';
import { createIsBlocked } from './is-blocked.ts';
import { BLOCKED_DENY, type Decision, decide, mayHaveOfSome, type Target } from './policy.ts';

/** Decides by the caller's grants as this process knows them; rejects when they can't be read. */
export type Authorize = (caller: Caller, target: Target) => Promise<Decision>;

/**
 * Whether the caller has a grant of it for some tenant: who has none is answered before anything
 * else is read.
 */
export type MayHaveOfSome = (caller: Caller, resource: GrantableName) => boolean | Promise<boolean>;

/** Creates the look at the caller's grants. */
export function createMayHaveOfSome(grants: Pick<CachedDirectory<Grants>, 'get'>): MayHaveOfSome {
  return ({ id }, resource) => {
    const known = grants.get(id);
    return known instanceof Promise
      ? known.then((read) => mayHaveOfSome(read, resource))
      : mayHaveOfSome(known, resource);
  };
}

/**
 * What would be denied is said once in this time per caller, tenant, resource and method of a call.
 */
const SAID_AGE = HOUR;

/** Creates the decision for callers, which logs what an enforced policy would refuse. */
export function createAuthorize({
  grants,
  log,
  now,
}: {
  grants: CachedDirectory<Grants>;
  log: Log;
  now: () => number;
}): Authorize {
  const isBlocked = createIsBlocked(grants);
  const saidAt = createBoundedMap<number>();

  const say = ({ id }: Caller, { tenantId, resource, operation }: Target, rule: string) => {
    const { method } = operation ?? {};
    const key = `${id}|${tenantId}|${resource}|${method}`;
    if (now() - (saidAt.get(key) ?? Number.NEGATIVE_INFINITY) < SAID_AGE) return;
    saidAt.set(key, now());
    log.warn('policy.would_deny', { caller: id, tenant: tenantId, resource, method, rule });
  };

  return async (caller, target) => {
    const isThrough = caller.clientId !== undefined;
    if (isThrough && (await isBlocked(caller))) return { allowed: false, rule: BLOCKED_DENY };
    const decision = decide({ caller, grants: await grants.get(caller.id), target });
    if (decision.wouldBeDenied) say(caller, target, decision.rule);
    return decision;
  };
}
