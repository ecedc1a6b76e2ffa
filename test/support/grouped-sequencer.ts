import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** A process goes on with files of its own project only, so these stay together. */
const PROJECTS = ['isolated', 'processes', 'browser', 'environments', 'slow', 'quick'];

/** These wait for queues and clocks: begun first, the others run beside them. */
const LONGEST = [
  'test/local/drill.test.ts',
  'test/functions/two-hosts.test.ts',
  'test/local/demo.test.ts',
  'test/functions/outages.test.ts',
  'test/functions/kill-switch.test.ts',
];

/** Project by project, in each the longest first; a fresh checkout has no figures of its own. */
export class GroupedSequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ moduleId, project }: TestSpecification) => {
      const index = LONGEST.findIndex((file) => moduleId.endsWith(file));
      return (
        PROJECTS.indexOf(project.name) * LONGEST.length +
        (index === -1 ? LONGEST.length - 1 : index)
      );
    };
    return sorted.toSorted((one, other) => rank(one) - rank(other));
  }
}
