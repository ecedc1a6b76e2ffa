import type { DeployedPackage } from './deployed-packages.ts';

/** SPDX ids of licences that only ask for their notice to be kept. */
const ALLOWED_LICENCES = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** What is deployed under another licence, one line each. */
export function findForbidden(packages: readonly DeployedPackage[]): readonly string[] {
  return packages
    .filter(({ licence }) => !ALLOWED_LICENCES.includes(licence))
    .map(({ name, version, licence }) => `${name} ${version}: ${licence}`);
}

/** The notices that licences want to travel with the code; throws when a licence is not allowed. */
export function toNotices(packages: readonly DeployedPackage[]): string {
  const forbidden = findForbidden(packages);
  if (forbidden.length > 0) throw new Error(`Licences not allowed: ${forbidden.join(', ')}.`);
  const parts = packages.map(({ name, version, licence, author, notice }) => {
    const said = `Its package carries no licence text; it is by ${author ?? 'its contributors'}.`;
    return `${name} ${version} (${licence})\n\n${notice || said}\n`;
  });
  return `This app contains code of the following packages.\n\n${parts.join(`\n${'-'.repeat(72)}\n\n`)}`;
}
