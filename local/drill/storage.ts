import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Azurite, startAzurite } from '../azurite.ts';

/**
 * One Azurite for a run of drills: each drill has an account of its own, and may stop and start the
 * whole.
 */
export interface Storage {
  /** The connection string of an account that nobody has used. */
  readonly claimAccount: () => string;
  readonly setClock: (offsetMs: number) => Promise<void>;
  readonly stop: () => Promise<void>;
  /** Starts it again where it was, with what it held. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** More than there are drills. */
const ACCOUNTS = Array.from({ length: 64 }, (_, number) => `drill${number}`);

/**
 * Starts Azurite; with `persist` it has a folder, which goes with it, and can be started again with
 * what it held.
 */
export async function startStorage({ persist }: { persist: boolean }): Promise<Storage> {
  const location = persist ? await mkdtemp(join(tmpdir(), 'drill-')) : undefined;
  const options = { ...(location && { location }), accounts: ACCOUNTS, clock: true };
  let azurite = await startAzurite(options);
  let running = true;
  let offset = 0;
  const ports = toPorts(azurite);
  const accounts = ACCOUNTS.values();
  return {
    claimAccount: () => azurite.connectionStringOf(accounts.next().value ?? ''),
    setClock: async (offsetMs) => {
      offset = offsetMs;
      if (running) await azurite.setClock(offset);
    },
    stop: async () => {
      running = false;
      await azurite.stop();
    },
    restart: async () => {
      azurite = await startAzurite({ ...options, ports });
      await azurite.setClock(offset);
      running = true;
    },
    close: async () => {
      await azurite.stop();
      if (location) await rm(location, { recursive: true, force: true });
    },
  };
}

function toPorts({ blobUrl, queueUrl, tableUrl }: Azurite) {
  const portOf = (url: string) => Number(new URL(url).port);
  return { blob: portOf(blobUrl), queue: portOf(queueUrl), table: portOf(tableUrl) };
}
