import { createBoundedMap } from '../bounded-map.ts';
import { BrokerError } from '../errors.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import type {
  Act,
  ActLedger,
  Issuance,
  IssuanceLedger,
  IssuanceLook,
  LedgerPage,
} from './ledger.ts';
import { toTenantHash } from './tenant-hash.ts';

/** A record with the tenant's id, where the tenant is on file. */
export type Named<T> = T & { readonly tenantId: string | undefined };

/** The auditors' view of the ledger. */
export interface Audit {
  /** Throws `invalid_request` for a look that nothing bounds. */
  listIssuances(look: IssuanceLook): Promise<LedgerPage<Named<Issuance>>>;
  listActs(look: Parameters<ActLedger['list']>[0]): Promise<LedgerPage<Named<Act>>>;
  /** Who holds tokens of a tenant, or of any through one caller, that still work: Entra can't recall them. */
  listLive(of: {
    readonly tenantId?: string;
    readonly callerId?: string;
    /** Now, unless it is about a moment before. */
    readonly at?: number;
  }): Promise<readonly Named<Issuance>[]>;
}

const PAGE = 1000;

/** Creates the view; hashes of tenants never change their meaning, so they are looked up once. */
export function createAudit(parts: {
  issuances: IssuanceLedger;
  acts: ActLedger;
  tenants: Pick<TenantStore, 'list'>;
  now: () => number;
}): Audit {
  const { issuances, acts, now } = parts;
  const name = createNamer(parts.tenants);
  return {
    async listIssuances(look) {
      assertBounded(look);
      const { records, next } = await issuances.list(look);
      return { records: await name(records), next };
    },
    async listActs(look) {
      const { records, next } = await acts.list(look);
      return { records: await name(records), next };
    },
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
      return await name(live);
    },
  };
}

function createNamer(tenants: Pick<TenantStore, 'list'>) {
  const known = createBoundedMap<string>();

  const learn = async () => {
    let after: string | undefined;
    do {
      const page = await tenants.list({ limit: PAGE, ...(after !== undefined && { after }) });
      for (const { tenantId } of page.tenants) known.set(toTenantHash(tenantId), tenantId);
      after = page.next;
    } while (after !== undefined);
  };

  return async <T extends { readonly tenantHash: string | undefined }>(
    records: readonly T[],
  ): Promise<readonly Named<T>[]> => {
    const find = (hash: string | undefined) => (hash === undefined ? undefined : known.get(hash));
    const isNew = ({ tenantHash }: T) => tenantHash !== undefined && !find(tenantHash);
    if (records.some(isNew)) await learn();
    return records.map((record) => ({ ...record, tenantId: find(record.tenantHash) }));
  };
}

function assertBounded({ tenantHash, callerId, tokenHash, uti, since }: IssuanceLook): void {
  if (tenantHash || callerId || tokenHash || uti || since) return;
  throw new BrokerError('invalid_request', 'The query has no bound.', {
    owner: 'caller',
    remedy: 'Name one of tenant, caller, token_hash, uti or since.',
  });
}
