import { RESOURCES, type ResourceName } from '../resources/resources.ts';

/** Role templates, the same in every tenant ("Microsoft Entra built-in roles"). */
const GLOBAL_ADMINISTRATOR = '62e90394-69f5-4237-9190-012177145e10';
const PRIVILEGED_ROLE_ADMINISTRATOR = 'e8611ab8-c189-46e8-94e1-60213ab1f814';
const APPLICATION_ADMINISTRATOR = '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3';
const CLOUD_APPLICATION_ADMINISTRATOR = '158c047a-c907-4556-b7ef-446551a6b5f7';

const FOR_ANY_API = [GLOBAL_ADMINISTRATOR, PRIVILEGED_ROLE_ADMINISTRATOR];
const FOR_ANY_BUT_GRAPH = [APPLICATION_ADMINISTRATOR, CLOUD_APPLICATION_ADMINISTRATOR];

/**
 * Whether who holds these directory roles may grant app roles of these APIs for the whole
 * organisation ("Grant tenant-wide admin consent to an application"). Roles that are limited to an
 * administrative unit or not active are not in the id_token, nor are custom ones: who consents by
 * them has to be approved.
 */
export function mayConsent(
  directoryRoles: readonly string[],
  asked: ReadonlySet<ResourceName>,
): boolean {
  const roles = listConsentingRoles(asked);
  return directoryRoles.some((role) => roles.includes(role.toLowerCase()));
}

/** Whether application administrators can't consent to an app role that is asked for. */
export function needsPrivilegedAdmin(asked: ReadonlySet<ResourceName>): boolean {
  return [...asked].some((name) => RESOURCES[name].needsPrivilegedAdmin);
}

function listConsentingRoles(asked: ReadonlySet<ResourceName>): readonly string[] {
  return needsPrivilegedAdmin(asked) ? FOR_ANY_API : [...FOR_ANY_API, ...FOR_ANY_BUT_GRAPH];
}
