import { domainToASCII } from 'node:url';
import { createBoundedMap } from '../bounded-map.ts';
import type { CallerBudgets } from '../budgets/caller-budgets.ts';
import { BrokerError } from '../errors.ts';
import { findGuid, isGuid } from '../guid.ts';
import type { Log } from '../log.ts';
import { createSingleFlight } from '../single-flight.ts';
import { DAY, MINUTE } from '../time.ts';

/**
 * Asks Entra's public metadata which tenant a domain belongs to; `undefined`: none. Rejects when
 * Entra can't say.
 */
export type FindTenantOfDomain = (domain: string) => Promise<string | undefined>;

/**
 * Turns a GUID or a verified domain name into the tenant's GUID; throws `invalid_request` for
 * anything else.
 */
export type ResolveTenant = (
  name: string,
  /** Whose budget a domain that nobody has is taken from; `undefined`: nobody's. */
  caller?: { readonly id: string },
) => Promise<string | undefined>;

/** Domains rarely move; unknown ones may be verified any minute. */
const FOUND_MAX_AGE_MS = DAY;
const MISSING_MAX_AGE_MS = 5 * MINUTE;

/** Of each kind: domains that callers make up push out no domain of a customer. */
const MAX_DOMAINS = 10_000;

/** RFC 1035 labels with a dot between them, 253 characters at most. */
const DOMAIN =
  /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;

/**
 * The name in lower case, `undefined` when no tenant can be called that: it is neither a GUID nor a
 * domain.
 */
export function findTenantName(name: string): string | undefined {
  const lower = name.toLowerCase();
  return isGuid(lower) || DOMAIN.test(lower) ? lower : undefined;
}

const ASCII = /^[\x20-\x7e]*$/;

/** Creates the resolver with its cache of domains. */
export function createTenantResolver({
  findTenantOfDomain,
  budgets,
  now,
}: {
  findTenantOfDomain: FindTenantOfDomain;
  budgets: CallerBudgets;
  now: () => number;
}): ResolveTenant {
  const found = createBoundedMap<{ tenantId: string; until: number }>(MAX_DOMAINS);
  const missingUntil = createBoundedMap<number>(MAX_DOMAINS);
  const share = createSingleFlight<string | undefined>();

  /** A domain that was found once stays found while Entra can't say. */
  const findOrKeep = async (domain: string, known: string | undefined) => {
    try {
      return await findTenantOfDomain(domain);
    } catch (error) {
      if (known === undefined) throw error;
      return known;
    }
  };

  const lookUp = async (domain: string, known: string | undefined) => {
    const tenantId = await findOrKeep(domain, known);
    if (tenantId) found.set(domain, { tenantId, until: now() + FOUND_MAX_AGE_MS });
    else {
      found.delete(domain);
      missingUntil.set(domain, now() + MISSING_MAX_AGE_MS);
    }
    return tenantId;
  };

  return async (name, caller) => {
    const tenantId = findGuid(name);
    if (tenantId) return tenantId;
    const domain = toDomain(name);
    if (!DOMAIN.test(domain)) throw toNameError();
    const known = found.get(domain);
    if (known && now() < known.until) return known.tenantId;
    if (now() < (missingUntil.get(domain) ?? 0)) return undefined;
    if (caller) budgets.spend(caller.id, 'domain');
    const resolved = await share(domain, () => lookUp(domain, known?.tenantId));
    if (caller && resolved !== undefined) budgets.giveBack(caller.id, 'domain');
    return resolved;
  };
}

/**
 * As DNS has it: in lower case, without the dot of the root, international names in their ASCII
 * form (RFC 5891).
 */
function toDomain(name: string): string {
  const lower = name.replace(/\.$/, '').toLowerCase();
  return ASCII.test(lower) ? lower : domainToASCII(lower);
}

/**
 * Lets the line that ends an invocation say which tenant it was about; a name that nobody knows
 * stays out of it.
 */
export function createNotedResolver(resolveTenant: ResolveTenant, log: Log): ResolveTenant {
  return async (name, caller) => {
    const tenantId = await resolveTenant(name, caller);
    log.note({ tenant: tenantId });
    return tenantId;
  };
}

function toNameError(): BrokerError {
  return new BrokerError(
    'invalid_request',
    'The parameter tenant must be a tenant id (GUID) or a verified domain name.',
    { owner: 'caller', remedy: "Use the tenant's id from GET /api/tenants." },
  );
}
