import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as v from 'valibot';
import { type Snapshot, snapshotSchema } from './snapshot.ts';

/** A snapshot beside the data of storage. */
interface SnapshotFile {
  /** Writes what there is now, if it changed. */
  readonly save: () => Promise<void>;
  /** Stops saving by itself, then saves. */
  readonly stop: () => Promise<void>;
}

/** Also a sandbox that is killed loses no more than this. */
const INTERVAL_MS = 10_000;

/** Reads the snapshot of the sandbox before; `undefined` when there was none. */
export async function readSnapshot(folder: string): Promise<Snapshot | undefined> {
  const text = await readFile(join(folder, FILE), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return v.parse(snapshotSchema, JSON.parse(text));
  } catch (cause) {
    const advice = `delete the folder ${folder} to begin anew`;
    throw new Error(`What --persist kept is of another version or damaged: ${advice}.`, { cause });
  }
}

/** Keeps a snapshot up to date. Only the owner may read it: it holds the sandbox's secrets. */
export function keepSnapshot(folder: string, take: () => unknown): SnapshotFile {
  const file = join(folder, FILE);
  let last: string | undefined;
  let saving = Promise.resolve();
  const save = () => {
    saving = saving.then(async () => {
      const text = JSON.stringify(take());
      if (text === last) return;
      await mkdir(dirname(file), { recursive: true });
      await writeFile(`${file}.next`, text, { mode: 0o600 });
      await rename(`${file}.next`, file);
      last = text;
    });
    return saving;
  };
  const timer = setInterval(() => void save().catch(() => undefined), INTERVAL_MS);
  timer.unref();
  return {
    save,
    stop: async () => {
      clearInterval(timer);
      await save();
    },
  };
}

const FILE = 'microsoft.json';
