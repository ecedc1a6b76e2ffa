import { createBoundedMap } from './bounded-map.ts';
import type { CachedDirectory, HeldRecord } from './cached-directory.ts';
import type { Caller } from './callers/caller.ts';
import type { Grants } from './callers/grants.ts';
import type { EpochWatch } from './epoch.ts';
import type { ResourceName } from './resources/resources.ts';
import type { Tenant } from './tenants/tenant.ts';
import type { BrokeredToken } from './tokens/brokered-token.ts';
import type { HeldToken, TokenBroker } from './tokens/token-broker.ts';
import { usableUntil } from './tokens/token-life.ts';

/** What is asked for, as the caller spelled it. */
interface Asked {
  readonly caller: Caller;
  readonly tenant: string;
  readonly resource: string;
}

/**
 * Remembers what was decided for a caller, a customer and an API, with the token: the next request
 * for the same takes one look into memory.
 *
 * What it answers is what the exchange would answer. An entry stands on the caller's grants, the
 * tenant's record and the token, and serves no longer than each of them would be believed without
 * being read again: 60 seconds for records, until its refresh for a token, and for none of them
 * after memory got another one. When the epoch moves on, all entries are forgotten. So is what was
 * being decided meanwhile: `begin` before the decision, `keep` after it.
 *
 * Not remembered: a token that is new to the caller (it has to be in the ledger first), a degraded
 * one, and names spelled another way than we store them, such as domains. Those take the long way.
 */
export interface ExchangeMemo {
  /** The token; `undefined`: decide. Counts what it answers. */
  find(asked: Asked, minTtlMs: number): BrokeredToken | undefined;
  /** Says what a decision that begins now is based on. */
  begin(): Basis;
  /** Remembers a decision, unless what it is based on was forgotten or read again meanwhile. */
  keep(basis: Basis, asked: Asked, token: BrokeredToken): void;
  /** Forgets all decisions. */
  forget(): void;
}

/** What was in memory when a decision began. */
interface Basis {
  readonly generation: number;
  readonly at: number;
}

/**
 * What a decision stands on, in plain numbers: a look touches little memory. Epoch milliseconds.
 */
interface Entry {
  readonly held: HeldToken;
  readonly granted: HeldRecord<Grants>;
  readonly known: HeldRecord<Tenant>;
  /** Both records were read by then: a clock that was set back proves nothing. */
  readonly from: number;
  /** Until then both records are believed. */
  readonly until: number;
  /** Until then the token is served, by Entra's clock. */
  readonly servedUntil: number;
}

/** What the memo looks at. */
interface ExchangeMemoParts {
  readonly epoch: Pick<EpochWatch, 'isCurrent'>;
  readonly grants: Pick<CachedDirectory<Grants>, 'findHeld'>;
  readonly directory: Pick<CachedDirectory<Tenant>, 'findHeld'>;
  readonly broker: Pick<TokenBroker, 'findHeld' | 'countServed'>;
  readonly now: () => number;
  /**
   * Entra's time at a time of our own: the clock is read once a look, which is most of its cost.
   */
  readonly toEntraTime: (at: number) => number;
}

/** Creates the memo of one process. */
export function createExchangeMemo(parts: ExchangeMemoParts): ExchangeMemo {
  const { epoch, grants, directory, broker, now, toEntraTime } = parts;
  const entries = createBoundedMap<Entry>();
  let generation = 0;
  return {
    find(asked, minTtlMs) {
      const entry = entries.get(toKey(asked));
      if (entry === undefined || !asked.caller.roles.includes('Tokens.Issue')) return undefined;
      const at = now();
      if (at < entry.from || at >= entry.until || !epoch.isCurrent(at)) return undefined;
      const { held, granted, known } = entry;
      if (held.isReplaced || granted.isReplaced || known.isReplaced) return undefined;
      const { token } = held;
      const entraAt = toEntraTime(at);
      if (entraAt >= entry.servedUntil) return undefined;
      if (minTtlMs > 0 && token.expiresAt - entraAt < minTtlMs) return undefined;
      broker.countServed();
      return token;
    },
    begin: () => ({ generation, at: now() }),
    keep(basis, asked, token) {
      if (basis.generation !== generation || !isSpelledAsStored(asked, token)) return;
      const held = broker.findHeld(token);
      const granted = grants.findHeld(asked.caller.id);
      const known = directory.findHeld(token.tenantId);
      if (held?.token !== token || token.degraded || !granted || !known) return;
      const from = Math.max(granted.readAt, known.readAt);
      if (from > basis.at) return;
      const until = Math.min(granted.until, known.until);
      const servedUntil = Math.min(held.lookAgainAt, usableUntil(token));
      entries.set(toKey(asked), { held, granted, known, from, until, servedUntil });
    },
    forget() {
      generation++;
      entries.clear();
    },
  };
}

function isSpelledAsStored(
  { tenant, resource }: Asked,
  token: { readonly tenantId: string; readonly resource: ResourceName },
): boolean {
  return tenant === token.tenantId && resource === token.resource;
}

/**
 * Keys of stored entries hold only GUIDs and our own names, so `|` in a caller's input can't match
 * one.
 */
function toKey({ caller, tenant, resource }: Asked): string {
  return `${caller.id}|${tenant}|${resource}`;
}
