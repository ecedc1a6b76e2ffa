import { settleAll } from '../concurrency.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { change } from '../store.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { GrantStore, Grants } from './grants.ts';
import { listNamedTenants, parseRules, type RuleInput, toUnknownTenantError } from './rules.ts';

/** The grants that an operator wants a caller to have. */
export interface GrantInput {
  readonly displayName: string | undefined;
  readonly mode: Grants['mode'];
  readonly clientSecret?: boolean | undefined;
  readonly rules: readonly RuleInput[];
}

/** The operators' view of the callers; every name is a client id or a user's object id. */
export interface GrantAdministration {
  list(): Promise<readonly Grants[]>;
  /** Throws `caller_not_found`. */
  get(name: string): Promise<Grants>;
  /** Replaces the caller's grants as a whole; throws `invalid_request` for rules that can't be meant. */
  put(name: string, input: GrantInput): Promise<{ grants: Grants; isNew: boolean }>;
  /** Takes every grant away, also when there is none: an operator may repeat what failed half-way. Answers the caller's id. */
  remove(name: string): Promise<string>;
}

/** Lookups of tenants that one change has under way. */
const CONCURRENCY = 10;

/** Creates the operators' functions. */
export function createGrantAdministration(parts: {
  grants: GrantStore;
  tenants: Pick<TenantStore, 'find'>;
  publish: EpochWatch['publish'];
  now: () => number;
}): GrantAdministration {
  const { grants, publish, now } = parts;
  return {
    list: grants.list,
    async get(name) {
      const found = await grants.find(parseCallerId(name));
      if (!found) throw toNotFoundError();
      return found.value;
    },
    async put(name, { displayName, mode, clientSecret, rules: inputs }) {
      const callerId = parseCallerId(name);
      const rules = parseRules(inputs);
      await assertKnown(parts.tenants, listNamedTenants(rules));
      let createdAt = 0;
      const updatedAt = now();
      const apply = (current: Grants | undefined): Grants => {
        createdAt = current?.createdAt ?? updatedAt;
        return { callerId, displayName, mode, clientSecret, rules, createdAt, updatedAt };
      };
      const written = await publish(() => change(grants, callerId, apply));
      if (!written) throw toNotFoundError();
      return { grants: written, isNew: createdAt === updatedAt };
    },
    async remove(name) {
      const callerId = parseCallerId(name);
      await publish(() => grants.remove(callerId));
      return callerId;
    },
  };
}

/** The id of a caller as a key; throws `invalid_request`. */
export function parseCallerId(name: string): string {
  const callerId = findGuid(name);
  if (callerId) return callerId;
  throw new BrokerError('invalid_request', 'A caller is named by a client id or object id.', {
    owner: 'caller',
    remedy: "Use the application's client id or the user's object id (GUID).",
  });
}

async function assertKnown(
  tenants: Pick<TenantStore, 'find'>,
  named: ReadonlyMap<string, string>,
): Promise<void> {
  const outcomes = await settleAll([...named], CONCURRENCY, async ([tenantId, ruleId]) => {
    const status = (await tenants.find(tenantId))?.value.status;
    if (!status || status === 'offboarded') throw toUnknownTenantError(ruleId);
  });
  const failed = outcomes.find((outcome) => outcome.status === 'rejected');
  if (failed) throw failed.reason;
}

function toNotFoundError(): BrokerError {
  return new BrokerError('caller_not_found', 'The caller has no grants.', {
    owner: 'caller',
    remedy: 'See GET /api/callers, or grant with PUT /api/callers/{client_id}.',
  });
}
