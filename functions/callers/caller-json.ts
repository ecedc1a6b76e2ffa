import type { Grants } from '../../shared/callers/grants.ts';

/** A caller's grants as the API shows them; instants in ISO 8601. */
export function toCallerJson({ callerId, displayName, ...grants }: Grants) {
  return {
    caller: callerId,
    display_name: displayName,
    mode: grants.mode,
    client_secret: grants.clientSecret ?? false,
    blocked: grants.blocked ?? false,
    webhook_hosts: grants.webhookHosts,
    rules: grants.rules,
    created_at: new Date(grants.createdAt).toISOString(),
    updated_at: new Date(grants.updatedAt).toISOString(),
  };
}
