import { RESOURCE_NAMES } from '../resources/resources.ts';
import type { Store } from '../store.ts';

/**
 * What rules may grant of a tenant: tokens of an API, the incidents that the broker keeps, or
 * hunting.
 */
export const GRANTABLE_NAMES = [...RESOURCE_NAMES, 'incidents', 'hunting'] as const;

/** Something of a tenant that a caller may be granted. */
export type GrantableName = (typeof GRANTABLE_NAMES)[number];

/** `enforce` refuses; `audit` only logs what it would refuse. */
export const GRANT_MODES = ['enforce', 'audit'] as const;

/** What a rule that fits does. */
export const RULE_EFFECTS = ['allow', 'deny'] as const;

/** One rule of a caller: it fits when one of its tenants and one of its resources does. */
export interface GrantRule {
  /** Unique within the caller's rules; decisions and the ledger name it. */
  readonly id: string;
  readonly effect: (typeof RULE_EFFECTS)[number];
  /** `*`, the GUID of a tenant, or `tag:` and a tag. */
  readonly tenants: readonly string[];
  readonly resources: readonly ('*' | GrantableName)[];
  /**
   * Patterns of calls through the proxy, which the rule is then about, and no token; `undefined`:
   * about everything.
   */
  readonly operations?: readonly string[] | undefined;
}

/** What one caller may have; without a record it may have nothing. Epoch milliseconds. */
export interface Grants {
  /** Client id of an application of the home tenant, or a user's object id; lower case. */
  readonly callerId: string;
  readonly displayName: string | undefined;
  readonly mode: (typeof GRANT_MODES)[number];
  /** An operator has shut the caller out of every route, whatever its roles and rules. */
  readonly blocked?: boolean | undefined;
  /** Where its webhooks may lead: hosts, or `*.` and a domain. `undefined`: to any public host. */
  readonly webhookHosts?: readonly string[] | undefined;
  /**
   * The caller may present its client secret at the OAuth endpoint; better ways need no opting in.
   */
  readonly clientSecret?: boolean | undefined;
  readonly rules: readonly GrantRule[];
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** The callers' grants. */
export interface GrantStore extends Store<string, Grants> {
  /** Every caller with grants, in the order of their ids. */
  list(): Promise<readonly Grants[]>;
  /** Writes a record in place of whatever its row says, also one that is not believed. */
  overwrite(grants: Grants): Promise<void>;
}
