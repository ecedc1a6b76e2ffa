// biome-ignore-all lint/suspicious/useAwait: stand-ins keep the signatures of the ports
import type { Hunt, HuntProgress, HuntRun, ResultPart } from '../../../shared/hunting/hunt.ts';
import type { HuntStore } from '../../../shared/hunting/hunt-store.ts';
import type { ResultStore } from '../../../shared/hunting/result-store.ts';
import type { Stored } from '../../../shared/store.ts';
import { createRun } from './run/hunt-values.ts';

interface Partition {
  readonly hunt: Hunt;
  progress: Stored<HuntProgress>;
  readonly runs: Map<number, Stored<HuntRun>>;
  readonly parts: Map<number, ResultPart>;
}

/** The hunts in memory, under versions, with the same promises as the table. */
export function createMemoryHunts(): HuntStore {
  const partitions = new Map<string, Partition>();
  const active = new Map<string, string>();
  let version = 0;
  const store = <T>(value: T): Stored<T> => ({ value, etag: `e${++version}` });
  const listAll = () => [...partitions.values()];

  return {
    async create(hunt, progress, runs) {
      const stored = new Map(runs.map((run) => [run.index, store(run)]));
      partitions.set(hunt.id, { hunt, progress: store(progress), runs: stored, parts: new Map() });
      if (progress.finishedAt === undefined) active.set(hunt.id, hunt.callerId);
    },
    find: async (huntId) => partitions.get(huntId)?.hunt,
    findProgress: async (huntId) => partitions.get(huntId)?.progress,
    async replaceProgress(huntId, seen, next) {
      const partition = partitions.get(huntId);
      if (partition?.progress.etag !== seen.etag) return undefined;
      partition.progress = store(next);
      return partition.progress;
    },
    findRun: async (huntId, index) => partitions.get(huntId)?.runs.get(index),
    async restoreRun(huntId, index) {
      const runs = partitions.get(huntId)?.runs;
      const damaged = createRun({ huntId, index, tenantId: undefined, problem: 'run_damaged' });
      if (runs && !runs.has(index)) runs.set(index, store(damaged));
    },
    async replaceRun(seen, next) {
      const runs = partitions.get(next.huntId)?.runs;
      if (runs?.get(next.index)?.etag !== seen.etag) return undefined;
      const stored = store(next);
      runs.set(next.index, stored);
      return stored;
    },
    async write({ run, progress, part }) {
      const partition = partitions.get(run.next.huntId);
      const isSeen =
        partition?.progress.etag === progress.seen.etag &&
        partition.runs.get(run.next.index)?.etag === run.seen.etag;
      if (!partition || !isSeen || (part && partition.parts.has(part.number))) return undefined;
      const stored = store(run.next);
      partition.runs.set(run.next.index, stored);
      partition.progress = store(progress.next);
      if (part) partition.parts.set(part.number, part);
      return stored;
    },
    async listRuns(huntId, from, limit) {
      const runs = [...(partitions.get(huntId)?.runs.values() ?? [])].map(({ value }) => value);
      return runs.filter(({ index }) => index >= from).slice(0, limit);
    },
    async listParts(huntId, after, limit) {
      const parts = [...(partitions.get(huntId)?.parts.values() ?? [])];
      return parts.filter(({ number }) => number > after).slice(0, limit);
    },
    async listOf(callerId) {
      const hunts = listAll().map(({ hunt }) => hunt);
      return { hunts: hunts.filter((hunt) => hunt.callerId === callerId), next: undefined };
    },
    listActive: async () => [...active].map(([huntId, callerId]) => ({ huntId, callerId })),
    async removeActive(huntId) {
      active.delete(huntId);
    },
    async remove({ id }) {
      active.delete(id);
      partitions.delete(id);
    },
    async listBefore(time) {
      return listAll()
        .map(({ hunt }) => hunt)
        .filter(({ createdAt }) => createdAt < time);
    },
    async listRunsAt(tenantId) {
      const runs = listAll().flatMap((partition) => [...partition.runs.values()]);
      return runs.map(({ value }) => value).filter((run) => run.tenantId === tenantId);
    },
    async removeParts(huntId, tenantId) {
      const parts = partitions.get(huntId)?.parts ?? new Map<number, ResultPart>();
      const own = [...parts.values()].filter((part) => part.tenantId === tenantId);
      for (const { number } of own) parts.delete(number);
      return own.length;
    },
  };
}

/** Rows as they are unpacked: some at a time. */
export function toBatches(
  rows: readonly string[] | undefined,
): AsyncIterable<readonly string[]> | undefined {
  if (!rows) return undefined;
  const half = Math.ceil(rows.length / 2);
  return (async function* () {
    yield rows.slice(0, half);
    yield rows.slice(half);
  })();
}

/** All rows of a blob. */
export async function collectRows(blob: ReturnType<ResultStore['readChunk']>) {
  const rows: string[] = [];
  for await (const some of (await blob) ?? []) rows.push(...some);
  return rows;
}

/** The lines of a page of NDJSON or CSV, with what ends them. */
export function toLines({ text }: { readonly text: Buffer }): readonly string[] {
  return text.toString().match(/.*?\n/gs) ?? [];
}

/** Rows in one blob: few, so that parts have several. */
const CHUNK_ROWS = 7;

/** The rows in memory, and how many blobs there are. */
export function createMemoryResults() {
  const blobs = new Map<string, readonly string[]>();
  const queries = new Map<string, string>();
  let names = 0;
  const removeAll = (isMeant: (name: string) => boolean) => {
    const meant = [...blobs.keys()].filter(isMeant);
    for (const name of meant) blobs.delete(name);
    return meant.length;
  };
  const store: ResultStore = {
    openPart(tenantId, huntId) {
      const blob = `${tenantId}/${huntId}/${names++}`;
      const chunks: number[] = [];
      let rows: string[] = [];
      let bytes = 0;
      const flush = async () => {
        blobs.set(`${blob}/${chunks.push(rows.length) - 1}`, rows);
        rows = [];
      };
      return {
        blob,
        get bytes() {
          return bytes;
        },
        add(row) {
          rows.push(row);
          bytes += row.length;
          return rows.length >= CHUNK_ROWS ? flush() : undefined;
        },
        async finish() {
          if (rows.length > 0) await flush();
          return chunks;
        },
        async discard() {
          removeAll((name) => name.startsWith(`${blob}/`));
        },
      };
    },
    readChunk: async (blob, chunk) => toBatches(blobs.get(`${blob}/${chunk}`)),
    async putQuery(huntId, query) {
      queries.set(huntId, query);
    },
    findQuery: async (huntId) => queries.get(huntId),
    removeTenant: async (tenantId, huntId) =>
      removeAll((name) => name.startsWith(huntId ? `${tenantId}/${huntId}/` : `${tenantId}/`)),
    async removeQuery(huntId) {
      queries.delete(huntId);
    },
    removeBefore: async () => 0,
  };
  return { store, countBlobs: () => blobs.size };
}
