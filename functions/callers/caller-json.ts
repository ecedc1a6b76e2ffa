import type { Grants } from '../../shared/callers/grants.ts';
import { toGrantsVersion } from '../../shared/callers/grants-version.ts';
import { toEntityTag } from '../input/precondition.ts';

/** A caller's grants as the API shows them; instants in ISO 8601. */
export function toCallerJson(grants: Grants) {
  return {
    caller: grants.callerId,
    etag: toEntityTag(toGrantsVersion(grants)),
    display_name: grants.displayName,
    mode: grants.mode,
    client_secret: grants.clientSecret ?? false,
    blocked: grants.blocked ?? false,
    webhook_hosts: grants.webhookHosts,
    rules: grants.rules,
    created_at: new Date(grants.createdAt).toISOString(),
    updated_at: new Date(grants.updatedAt).toISOString(),
  };
}
