import { randomUUID } from 'node:crypto';
import { settleAll } from '../../concurrency.ts';
import { DAY } from '../../time.ts';
import type { BlobContainer, ListedBlob } from '../blobs/blob-container.ts';

/** Blobs that are written or removed at once. */
const CONCURRENCY = 8;

/** A row is written seconds after its blob; what no row names a day later was left behind. */
const GRACE = DAY;

/** What is too large for rows, each version under a name that no other version ever has. */
export interface Overflow {
  /** Answers the name. */
  put(version: BlobVersion, content: Buffer): Promise<string>;
  find(name: string): Promise<Buffer | undefined>;
  remove(names: readonly string[]): Promise<void>;
  removeTenant(tenantId: string): Promise<void>;
  /** Removes what no row names any more, a day after it was written; answers how many. */
  removeOrphans(now: number, findNamed: FindNamed): Promise<number>;
}

/** Which version of which incident a blob holds. */
interface BlobVersion {
  readonly tenantId: string;
  readonly incidentId: string;
  readonly rawHash: string;
}

/** The name that the incident's row points to. */
type FindNamed = (incident: {
  readonly tenantId: string;
  readonly incidentId: string;
}) => Promise<string | undefined>;

/** Creates the overflow in one container. */
export function createOverflow(blobs: BlobContainer): Overflow {
  const remove = async (names: readonly string[]) => {
    const outcomes = await settleAll(names, CONCURRENCY, (name) => blobs.remove(name));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
  };

  return {
    async put({ tenantId, incidentId, rawHash }, content) {
      // Even the same content gets another name: whoever removes the version before can't hit this
      // one.
      const name = `${tenantId}/${incidentId}/${toSafe(rawHash)}-${randomUUID()}`;
      await blobs.put(name, content);
      return name;
    },
    find: blobs.find,
    remove,
    async removeTenant(tenantId) {
      for await (const page of blobs.list(`${tenantId}/`)) await remove(page.map(toName));
    },
    async removeOrphans(now, findNamed) {
      let removed = 0;
      for await (const page of blobs.list('')) {
        const old = page.filter(({ modifiedAt }) => modifiedAt < now - GRACE);
        const outcomes = await settleAll(old, CONCURRENCY, (blob) => isOrphan(blob, findNamed));
        const orphans = old.filter((_, index) => isTrue(outcomes[index]));
        await remove(orphans.map(toName));
        removed += orphans.length;
      }
      return removed;
    },
  };
}

async function isOrphan({ name }: ListedBlob, findNamed: FindNamed): Promise<boolean> {
  const [tenantId = '', incidentId = ''] = name.split('/');
  return (await findNamed({ tenantId, incidentId })) !== name;
}

/** What could not be looked up is left for the next time. */
function isTrue(outcome: PromiseSettledResult<boolean> | undefined): boolean {
  return outcome?.status === 'fulfilled' && outcome.value;
}

function toName({ name }: ListedBlob): string {
  return name;
}

/** Hashes are hex or base64url; whatever else is no part of a name. */
function toSafe(hash: string): string {
  return hash.replace(/[^\w-]/g, '');
}
