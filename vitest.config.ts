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
const PARTS = 'test/{shared,local/entra,local/defender}/**/*.test.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Files share a process, in which all modules are loaded once: each ends what it starts.
    isolate: false,
    maxWorkers: 4,
    sequence: { sequencer: GroupedSequencer },
    // What starts processes takes long on a busy machine; nothing here asserts how fast it is.
    testTimeout: 120_000 * PROPERTY_FACTOR,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    projects: [
      { extends: true, test: { name: 'isolated', include: ISOLATED, isolate: true } },
      { extends: true, test: { name: 'processes', include: PROCESSES, exclude: ISOLATED } },
      { extends: true, test: { name: 'browser', include: [BROWSER] } },
      {
        // A broker on loopback with its stand-ins.
        extends: true,
        test: {
          name: 'environments',
          include: ['test/**/*.test.ts'],
          exclude: [...ISOLATED, ...PROCESSES, BROWSER, PARTS],
        },
      },
      // Parts of the product by themselves.
      { extends: true, test: { name: 'parts', include: [PARTS] } },
    ],
  },
});
