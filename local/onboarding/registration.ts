import { RESOURCES, type ResourceRecord } from '../../shared/resources/resources.ts';

/** infra/entra/permissions.json: the app roles that the registration can ask customers for. */
export function toRegistrationPermissions(): string {
  const records: Readonly<Record<string, ResourceRecord>> = RESOURCES;
  const apis = Object.entries(records).map(([name, { appId, roles }]) => [
    name,
    { appId, roles: toIds(roles) },
  ]);
  return `${JSON.stringify(Object.fromEntries(apis), null, 2)}\n`;
}

function toIds(roles: ResourceRecord['roles']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, { id }]) => (id ? [[role, id]] : [])),
  );
}
