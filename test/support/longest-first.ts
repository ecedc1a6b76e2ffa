import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * These wait for queues, clocks and a browser: begun first, the others run beside them. The longest
 * first.
 */
const LONGEST = [
  'test/local/demo.test.ts',
  'test/functions/outages.test.ts',
  'test/browser/consent.test.ts',
  'test/functions/kill-switch.test.ts',
  'test/local/drill.test.ts',
  'test/functions/onboarding.test.ts',
  'test/functions/two-hosts.test.ts',
];

/** Begins with the files that take longest; a fresh checkout has no figures of its own yet. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId }: TestSpecification) => {
      const index = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return index === -1 ? LONGEST.length : index;
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
