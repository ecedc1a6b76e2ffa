import type { Grants } from '../callers/grants.ts';
import { BrokerError } from '../errors.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type { AuditEvent } from './audit-event.ts';
import { createChainCheck } from './chain/chain-check.ts';
import { createNamer, type Named } from './describe/names.ts';
import type { ChainReport, EventLedger, EventQuery } from './event-ledger.ts';
import type { Issuance, IssuanceLedger, IssuanceQuery, LedgerPage } from './issuance-ledger.ts';
import { toTenantHash } from './tenant-hash.ts';

/** The auditors' view of the ledger. */
export interface Audit {
  /** Throws `invalid_request` for a look that nothing bounds. */
  listIssuances(look: IssuanceQuery): Promise<LedgerPage<Named<Issuance>>>;
  listEvents(query: EventQuery): Promise<LedgerPage<Named<AuditEvent>>>;
  /** Whether the chain of events holds, walked over a moment ago. */
  checkChain(): Promise<ChainReport>;
  /**
   * Who holds tokens of a tenant, or of any through one caller, that still work: Entra can't recall
   * them.
   */
  listLive(of: {
    readonly tenantId?: string;
    readonly callerId?: string;
    /** Now, unless it is about a moment before. */
    readonly at?: number;
  }): Promise<readonly Named<Issuance>[]>;
}

const PAGE = 1000;

/** Creates the view. */
export function createAudit(parts: {
  issuances: IssuanceLedger;
  events: EventLedger;
  tenants: Pick<TenantStore, 'list'>;
  grants: { list(): Promise<readonly Pick<Grants, 'callerId' | 'displayName'>[]> };
  now: () => number;
}): Audit {
  const { issuances, events, now } = parts;
  const name = createNamer(parts);
  return {
    async listIssuances(look) {
      assertBounded(look);
      const { records, next } = await issuances.list(look);
      return { records: await name(records, ({ callerId }) => callerId), next };
    },
    async listEvents(query) {
      const { records, next } = await events.list(query);
      return { records: await name(records, ({ actor }) => actor), next };
    },
    checkChain: createChainCheck({ events, now }),
    async listLive({ tenantId, callerId, at }) {
      const tenantHash = tenantId === undefined ? undefined : toTenantHash(tenantId);
      const live: Issuance[] = [];
      let after: string | undefined;
      do {
        const look = { tenantHash, callerId, liveAt: at ?? now(), after, limit: PAGE };
        const page = await issuances.list(look);
        live.push(...page.records);
        after = page.next;
      } while (after !== undefined);
      return await name(live, (issuance) => issuance.callerId);
    },
  };
}

function assertBounded({ tenantHash, callerId, tokenHash, uti, since }: IssuanceQuery): void {
  if (tenantHash || callerId || tokenHash || uti || since) return;
  throw new BrokerError('invalid_request', 'The query has no bound.', {
    owner: 'caller',
    remedy: 'Name one of tenant, caller, token_hash, uti or since.',
  });
}
