import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';

export default defineConfig({
  test: {
    globalSetup: ['test/support/global-setup.ts'],
    pool: 'forks',
    // Many files wait for queues and clocks rather than for the processor.
    maxWorkers: 5,
    sequence: { sequencer: LongestFirst },
    // What starts processes takes long on a busy machine; nothing here asserts how fast it is.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      {
        // These start brokers, and a managed identity's endpoint is fixed for a process: each file
        // has its own.
        extends: true,
        test: {
          name: 'environments',
          include: ['test/**/*.test.ts'],
          exclude: ['test/shared/**', 'test/local/{entra,defender}/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: ['test/{shared,local/entra,local/defender}/**/*.test.ts'],
          isolate: false,
        },
      },
    ],
  },
});
