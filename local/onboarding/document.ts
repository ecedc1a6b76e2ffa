import { MEANINGS } from '../../shared/consent/languages/meanings.ts';
import type { Texts } from '../../shared/consent/languages/texts.ts';
import { listKnownPermissions, type Permission } from '../../shared/resources/permissions.ts';
import { RESOURCE_NAMES, RESOURCES } from '../../shared/resources/resources.ts';

/** What the consent pages and the guide have in common, by the name of its place in the guide. */
const BLOCKS: Readonly<Record<string, (texts: Texts) => string>> = {
  permissions: toPermissions,
  limits: toLimits,
  roles: toRoles,
  withdraw: ({ invitation }) => invitation.withdraw,
};

/** Each place begins with its language and name: `<!-- npm run onboarding: de permissions -->`. */
const PLACE = /(?<=<!-- npm run onboarding: ([a-z]{2} \w+) -->\n).*?(?=<!-- end -->)/gs;

/**
 * Fills the places of docs/onboarding.md from the texts of the consent pages; throws at a place
 * that nothing fits.
 */
export function fillOnboarding(text: string, languages: readonly Texts[]): string {
  return text.replace(PLACE, (_, place: string) => {
    const [language, name = ''] = place.split(' ');
    const texts = languages.find((one) => one.language === language);
    const toBlock = BLOCKS[name];
    if (!texts || !toBlock) throw new Error(`Nothing is known for ${place}.`);
    return `${toBlock(texts)}\n`;
  });
}

function toPermissions(texts: Texts): string {
  const known = listKnownPermissions();
  return RESOURCE_NAMES.map((resource) => {
    const items = known.filter((one) => one.resource === resource).map((one) => toItem(texts, one));
    return [`**${RESOURCES[resource].microsoftName}**`, '', ...items].join('\n');
  }).join('\n\n');
}

function toItem({ permissions, language }: Texts, { key, role, effect }: Permission): string {
  const mark = effect === 'changes' ? `**${permissions.marks.changes}**` : permissions.marks.reads;
  return `- \`${role}\` · ${mark} · ${key === undefined ? permissions.unknown : MEANINGS[key][language]}`;
}

function toLimits({ invitation: { limits } }: Texts): string {
  return [limits.identity, limits.content, limits.changeNothingElse]
    .map((limit) => `- ${limit}`)
    .join('\n');
}

/** One permission of Microsoft Graph asks for a higher role. */
function toRoles({ invitation }: Texts): string {
  const listNames = (needs: boolean) =>
    Object.values(RESOURCES)
      .filter(({ needsPrivilegedAdmin }) => needsPrivilegedAdmin === needs)
      .map(({ microsoftName }) => microsoftName)
      .join(', ');
  return [
    `- ${listNames(false)}: ${invitation.rolesWithoutGraph}`,
    `- ${listNames(true)}: ${invitation.rolesWithGraph}`,
  ].join('\n');
}
