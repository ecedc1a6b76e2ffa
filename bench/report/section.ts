import { parseArgs } from 'node:util';
import type { SectionResult } from './row.ts';

/** How much to measure. */
export interface SectionOptions {
  /** Small sizes, to see whether everything runs. */
  readonly quick: boolean;
  /** The sizes of the bars, however long they take. */
  readonly full: boolean;
}

/**
 * Runs a section in its own process and sends its result to the parent, or prints it without one.
 */
export async function reportSection(
  measure: (options: SectionOptions) => Promise<SectionResult>,
): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
    },
  });
  const result = await measure(values);
  if (!process.send) {
    console.log(JSON.stringify(result, undefined, 2));
    return;
  }
  process.send(result);
  process.disconnect();
}
