import type { Caller } from '../callers/caller.ts';
import { BrokerError } from '../errors.ts';
import type { IncidentAccess } from '../incidents/incident-access.ts';
import { TAG } from '../tenants/tenant-settings.ts';

/**
 * Checks the tenants of a filter: tags, and tenants by GUID or domain, which the caller has to be
 * granted.
 */
export async function parseFilterTenants(
  access: Pick<IncidentAccess, 'getTenant'>,
  caller: Caller,
  names: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (!names) return undefined;
  const parsed = new Set<string>();
  for (const name of names) {
    if (name.startsWith('tag:')) parsed.add(parseTag(name));
    else parsed.add((await access.getTenant(caller, name, 'Incidents.Read')).tenantId);
  }
  return [...parsed];
}

function parseTag(name: string): string {
  if (TAG.test(name.slice('tag:'.length))) return name;
  const description = 'The parameter filter.tenants names a tag that no tenant can have.';
  const remedy = 'A tag has 1 to 40 lower-case letters, digits and hyphens, as in tag:gold.';
  throw new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
