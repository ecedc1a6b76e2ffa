import type { Caller } from '../../callers/caller.ts';
import type { BrokerError } from '../../errors.ts';
import type { Column, Hunt, HuntProgress, ResultPart } from '../hunt.ts';
import type { HuntAccess } from '../hunt-access.ts';
import type { HuntStore } from '../hunt-store.ts';
import type { RefuseHunt } from '../refuse-hunt.ts';
import type { ResultStore } from '../result-store.ts';
import { FIRST_POSITION, type ResultCursors } from './cursor.ts';
import type { ResultFormat } from './format.ts';
import { readChunks, type StoredRows } from './read-chunks.ts';
import { createPage, PAGE_LIMITS, type PageLimits } from './result-page.ts';

/** What is read of a hunt's results. */
interface ResultQuery {
  readonly caller: Caller;
  readonly hunt: Hunt;
  readonly progress: HuntProgress;
  readonly cursor: string | undefined;
  readonly format: ResultFormat;
  /** Where a page has to be smaller than 4 MB. */
  readonly limits?: PageLimits;
}

/** A page of results, in the order of storing. */
export interface ResultPage {
  /** How many rows it has. */
  readonly rows: number;
  /** Rows as the format writes them; of CSV with the header, where it is the first page. */
  readonly text: Buffer;
  readonly columns: readonly Column[];
  /** `undefined`: that was all, and the hunt has finished. */
  readonly next: string | undefined;
  /** Tenants whose rows are left out: the caller has lost the grant. */
  readonly withheldTenants: number;
}

/** Reads a page; what the caller may read is decided at each page. */
export type ReadResults = (query: ResultQuery) => Promise<ResultPage>;

/** Creates the reading of results. */
export function createReadResults(parts: {
  hunts: Pick<HuntStore, 'listParts'>;
  results: Pick<ResultStore, 'readChunk'>;
  access: HuntAccess;
  cursors: ResultCursors;
  refuse: RefuseHunt;
}): ReadResults {
  const { access, cursors } = parts;
  return async ({ caller, hunt, progress, cursor, format, limits = PAGE_LIMITS }) => {
    const from = cursor === undefined ? FIRST_POSITION : await cursors.open(hunt.id, cursor);
    await access.ensureCurrent();
    const readers = createReaders(access, caller);
    const { columns, lastPart, finishedAt } = progress;
    const page = createPage({ format, columns, limits, from });
    const look = { huntId: hunt.id, from, upTo: lastPart };
    for await (const stored of readChunks({ ...parts, mayRead: readers.mayRead }, look)) {
      const name = readers.nameOf(stored.part);
      if (!addRows(page, { stored, name }, () => parts.refuse(hunt.id, 'damaged'))) break;
    }
    const isAll = !page.isFull() && finishedAt !== undefined;
    return {
      rows: page.countRows(),
      text: page.toBytes(),
      columns,
      next: isAll ? undefined : await cursors.seal(hunt.id, page.position()),
      withheldTenants: readers.countWithheld(),
    };
  };
}

/** A line that is no JSON was written by no broker. */
function addRows(
  page: ReturnType<typeof createPage>,
  { stored, name }: { readonly stored: StoredRows; readonly name: string | undefined },
  refuse: () => BrokerError,
): boolean {
  try {
    return page.add(stored, name);
  } catch (error) {
    throw error instanceof SyntaxError ? refuse() : error;
  }
}

/** Decides once a page for each tenant. */
function createReaders(access: HuntAccess, caller: Caller) {
  const names = new Map<string, string | undefined>();
  const withheld = new Set<string>();
  return {
    async mayRead({ tenantId }: ResultPart): Promise<boolean> {
      if (names.has(tenantId)) return true;
      if (withheld.has(tenantId)) return false;
      const tenant = await access.findHuntable(caller, tenantId);
      if (tenant) names.set(tenantId, tenant.displayName);
      else withheld.add(tenantId);
      return tenant !== undefined;
    },
    nameOf: ({ tenantId }: ResultPart) => names.get(tenantId),
    countWithheld: () => withheld.size,
  };
}
