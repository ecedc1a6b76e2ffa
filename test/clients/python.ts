import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** Debian's own one has Debian's packages; another may stand before it in the path. */
const CANDIDATES = ['/usr/bin/python3', 'python3'];

/**
 * A Python that has these modules; without one it says so in a word, and tests of it are skipped.
 */
export async function findPython(...modules: string[]): Promise<string | undefined> {
  const script = modules.map((name) => `import ${name}`).join('\n');
  for (const python of CANDIDATES) {
    const works = await run(python, ['-c', script]).then(
      () => true,
      () => false,
    );
    if (works) return python;
  }
  console.warn(`No Python has ${modules.join(', ')}: skipped. .ci/install-python-clients helps.`);
  return undefined;
}
