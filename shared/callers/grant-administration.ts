import { isIntegrityError } from '../authority/integrity.ts';
import { settleAll } from '../concurrency.ts';
import type { EpochWatch } from '../epoch.ts';
import { BrokerError } from '../errors.ts';
import { findGuid } from '../guid.ts';
import { assertPrecondition, type Precondition } from '../precondition.ts';
import { change } from '../store.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { GrantStore, Grants } from './grants.ts';
import { toGrantsVersion } from './grants-version.ts';
import { listNamedTenants, parseRules, type RuleInput, toUnknownTenantError } from './rules.ts';
import { parseWebhookHosts } from './webhook-hosts.ts';

/** The grants that an operator wants a caller to have. */
export interface GrantInput {
  readonly displayName: string | undefined;
  readonly mode: Grants['mode'];
  readonly clientSecret?: boolean | undefined;
  readonly webhookHosts?: readonly string[] | undefined;
  readonly rules: readonly RuleInput[];
}

/** What an operator decides about a caller; what is `undefined` stays as it is. */
interface CallerInput {
  readonly grants: GrantInput | undefined;
  readonly blocked: boolean | undefined;
  /** The operator, who can't be the one to be blocked. */
  readonly actorId: string;
  /** On which version of the caller's grants this was decided. */
  readonly precondition?: Precondition | undefined;
}

/** The operators' view of the callers; every name is a client id or a user's object id. */
export interface GrantAdministration {
  list(): Promise<readonly Grants[]>;
  /** Throws `caller_not_found`. */
  get(name: string): Promise<Grants>;
  /**
   * Replaces the caller's grants as a whole, blocks or unblocks it; throws `invalid_request` for
   * what can't be meant, and `precondition_failed` when the grants are no longer what this was
   * decided on.
   */
  put(name: string, input: CallerInput): Promise<{ grants: Grants; isNew: boolean }>;
  /**
   * Takes every grant away, also when there is none: an operator may repeat what failed half-way. A
   * blocked caller stays blocked. Answers the caller's id.
   */
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
    async put(name, { grants: input, blocked, actorId, precondition }) {
      const callerId = parseCallerId(name);
      if (blocked && callerId === actorId) throw toOwnBlockError();
      const fields = input && toFields(input);
      await assertKnown(parts.tenants, listNamedTenants(fields?.rules ?? []));
      const updatedAt = now();
      const apply = (current: Grants | undefined) => {
        if (!current && !fields && !blocked) return undefined;
        const before = current ?? { ...createGrants(callerId), createdAt: updatedAt };
        const next = { ...before, ...fields, ...(blocked !== undefined && { blocked }), updatedAt };
        assertPrecondition(
          precondition,
          current && toGrantsVersion(current),
          toGrantsVersion(next),
        );
        return next;
      };
      const written = await publish(() => change(grants, callerId, apply));
      if (!written) throw toNotFoundError();
      return { grants: written, isNew: written.createdAt === updatedAt };
    },
    async remove(name) {
      const callerId = parseCallerId(name);
      await publish(() => removeGrants(grants, callerId, now()));
      return callerId;
    },
  };
}

/** A caller that may have nothing. */
function createGrants(callerId: string): Grants {
  return {
    callerId,
    displayName: undefined,
    mode: 'enforce',
    rules: [],
    createdAt: 0,
    updatedAt: 0,
  };
}

function toFields(input: GrantInput) {
  const { displayName, mode, clientSecret, webhookHosts } = input;
  const rules = parseRules(input.rules);
  return { displayName, mode, clientSecret, webhookHosts: parseHosts(webhookHosts), rules };
}

function parseHosts(hosts: readonly string[] | undefined): readonly string[] | undefined {
  return hosts && parseWebhookHosts(hosts);
}

/** The row of a blocked caller is what keeps it out. */
async function removeGrants(grants: GrantStore, callerId: string, updatedAt: number) {
  try {
    let isKept = false;
    await grants.remove(callerId, ({ blocked = false }) => {
      isKept = blocked;
      return !blocked;
    });
    if (!isKept) return;
    const strip = (kept: Grants) => ({ ...createGrants(callerId), ...toBlock(kept), updatedAt });
    await change(grants, callerId, (current) => current && strip(current));
  } catch (error) {
    if (!isIntegrityError(error)) throw error;
    // Nobody knows whether the row said that the caller is blocked, so from now on it does.
    const times = { createdAt: updatedAt, updatedAt };
    await grants.overwrite({ ...createGrants(callerId), ...times, blocked: true });
  }
}

/** What stays of a caller whose grants are taken away: whether it is blocked. */
function toBlock({ displayName, createdAt, blocked }: Grants) {
  return { displayName, createdAt, blocked };
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

/** Who blocks others stays in: at least one operator can always undo it. */
function toOwnBlockError(): BrokerError {
  return new BrokerError('invalid_request', 'An operator can not block itself.', {
    owner: 'caller',
    remedy: 'Have another operator do it, who can undo it too.',
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
