import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type HostOptions, startFunctionsHost } from '../../../local/host/functions-host.ts';
import type { HostLogEntry } from '../../../local/host/host-log.ts';
import { sendRaw } from './raw.ts';

/** What the fixture app saw and what steers it; see fixture/app.cjs. */
interface Seen {
  readonly loaded: (string | undefined)[];
  readonly hooks: string[];
  readonly ticks: unknown[];
  readonly messages: unknown[];
  gate?: Promise<void>;
  onTick?: () => Promise<void>;
}

/** Nothing listens there: for tests in which queues do not matter. */
export const NO_STORAGE =
  'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:9/a;';

/** The folder of the fixture app. */
export const FIXTURE = fileURLToPath(new URL('fixture', import.meta.url));

/** The folder of the app whose routes and answers the real host was observed with. */
export const OBSERVED = fileURLToPath(new URL('observed', import.meta.url));

/** Opens the admin API of the hosts of `setUp`. */
export const MASTER_KEY = 'open sesame';

/** Starts a host on the fixture app for one test. */
export async function setUp(options: Partial<HostOptions> = {}) {
  const seen: Seen = { loaded: [], hooks: [], ticks: [], messages: [] };
  Object.assign(globalThis, { hostFixture: seen });
  const log: HostLogEntry[] = [];
  const host = await startFunctionsHost({
    appRoot: FIXTURE,
    timers: false,
    masterKey: MASTER_KEY,
    log: (entry) => log.push(entry),
    ...options,
    settings: {
      AzureWebJobsStorage: NO_STORAGE,
      GREETING: 'hello',
      QUEUE: 'work',
      TICK: '* * * * * *',
      EXTRA_ROUTE: 'extra',
      ...options.settings,
    },
  });
  onTestFinished(() => host.stop());
  const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, init);
  return { host, seen, log, get };
}

/** Starts a host on the app with which the real host was observed. */
export async function setUpObserved(settings: Record<string, string> = {}) {
  const { host, get, log, seen } = await setUp({ appRoot: OBSERVED, settings });
  const send = (request: string) => sendRaw(host.url, request);
  return { host, get, log, seen, send };
}
