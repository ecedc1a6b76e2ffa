import { defineConfig } from 'vitest/config';
import { GroupedSequencer } from './test/support/grouped-sequencer.ts';
import { PROPERTY_FACTOR } from './test/support/runs.ts';

/**
 * Each has a process of its own: MSAL knows one managed identity's endpoint for a process, and a
 * host says how it leaves the process.
 */
const ISOLATED = [
  'test/local/host/functions-host.test.ts',
  'test/clients/{azure-identity,msal-node,oauth-libraries}.test.ts',
  'test/local/managed-identity.test.ts',
];

/** Tests that start processes and wait for them rather than for the processor: begun first. */
const PROCESSES = [
  'test/clients/**/*.test.ts',
  'test/infra/**/*.test.ts',
  'test/local/{azurite,demo,drill,start}.test.ts',
  'test/functions/{kill-switch,limit-memory,outages,two-hosts,upgrade}.test.ts',
];

const BROWSER = 'test/browser/**/*.test.ts';

/** Parts of the product by themselves that load the processor or wait for long. */
const SLOW = [
  // Kusto's own language service reads the queries too.
  'test/shared/hunting/kql/{edit-query,guard-evasion,parse-query}.test.ts',
  'test/shared/hunting/query/parameters.test.ts',
  'test/local/defender/hunting/{kql,starter-hunts}.test.ts',
  // Much data, or hours of a clock.
  'test/local/defender/hunting/hunting.test.ts',
  'test/shared/{proxy/call-budget,tokens/clocks,tenants/outcome-reporter}.test.ts',
  'test/shared/azure/hunt-sweep.test.ts',
  // Damages and attacks of every kind on all that is stored.
  'test/shared/azure/{guarded-store,storage-writer}.test.ts',
  // Much that is written to storage and read again.
  'test/shared/azure/{event-ledger,hunt-tables,ledger-follower,incidents/*}.test.ts',
  'test/shared/{consent/{approval,consent-flow,outcome},offboarding/*}.test.ts',
  // A queue that is waited for, and sandboxes.
  'test/local/host/queue.test.ts',
  'test/local/sandbox-persist.test.ts',
  'test/{readme,recipes}.test.ts',
];

/** What `npm test` runs: the other parts, and a few tests of the broker as a whole. */
const QUICK = [
  'test/*.test.ts',
  'test/{console,local,shared}/**/*.test.ts',
  'test/functions/{bodies,callers,canary,misconfigured,observe}.test.ts',
  'test/functions/{routing-table,tenants,token}.test.ts',
];
const ELSEWHERE = [...ISOLATED, ...PROCESSES, BROWSER, ...SLOW];

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Files share a process, in which all modules are loaded once: each ends what it starts.
    isolate: false,
    maxWorkers: 3,
    sequence: { sequencer: GroupedSequencer },
    // What starts processes takes long on a busy machine; nothing here asserts how fast it is.
    testTimeout: 120_000 * PROPERTY_FACTOR,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'isolated', include: ISOLATED, isolate: true } },
      { extends: true, test: { name: 'processes', include: PROCESSES, exclude: ISOLATED } },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
      { extends: true, test: { name: 'slow', include: SLOW } },
      {
        // A broker on loopback with its stand-ins.
        extends: true,
        test: {
          name: 'environments',
          include: ['test/**/*.test.ts'],
          exclude: [...ELSEWHERE, ...QUICK],
        },
      },
      { extends: true, test: { name: 'quick', include: QUICK, exclude: ELSEWHERE } },
    ],
  },
});
