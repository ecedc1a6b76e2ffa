import type { Tombstone } from '../../shared/offboarding/offboarding.ts';
import { RECALL_NOTICE, type Receipt } from '../../shared/offboarding/receipt.ts';
import { listLiveTokens } from '../audit/list-issuances.ts';
import { apiRoute } from '../route.ts';
import { toTenantJson } from './tenant-json.ts';

/**
 * `DELETE /tenants/{tenant}`: ends a tenant's life with us, and says so in a receipt; can be
 * repeated.
 */
export const offboardTenant = apiRoute({
  id: 'offboardTenant',
  method: 'DELETE',
  path: 'api/tenants/{tenant}',
  role: 'Tenants.Manage',
  summary:
    'Remove everything that is kept about a tenant but a tombstone; answers a signed receipt. A repeat completes it.',
  sample: { tenant: 'litware.example' },
  answers: { 200: 'Offboarding' },
  errors: ['invalid_request', 'tenant_not_found'],
  handle: async ({ params, caller, correlationId }, services) => {
    const { offboardings, recordEvent, issueReceipt } = services;
    const closed = await offboardings.close(params.tenant);
    const { tenantId } = closed;
    // Before the purge: an act whose purge fails was done all the same.
    await recordEvent({ act: 'tenant.offboard', tenantId, actor: caller.id, correlationId });
    const tombstone = await offboardings.purge(closed);
    const { json, ...live } = await listLiveTokens(services, { tenantId }, toSeenSince(tombstone));
    const { until } = live;
    const receipt = await issueReceipt(tombstone, live);
    const { tenant_id, status, offboarded_at, purged_at } = toTenantJson(tombstone);
    return {
      jsonBody: {
        tenant_id,
        status,
        offboarded_at,
        purged_at,
        purged: tombstone.offboarding.removed,
        ...json,
        live_tokens_until: until === undefined ? undefined : new Date(until).toISOString(),
        notice: RECALL_NOTICE,
        ...toReceiptJson(receipt),
      },
    };
  },
});

/**
 * A first try may have died before it moved the epoch: after this time every process has read the
 * tombstone anyway.
 */
const REREAD_MS = 65_000;

/** When every process began to learn of it, as far as that is known; `undefined`: just now. */
function toSeenSince({ offboarding: { at } }: Tombstone): number | undefined {
  return Date.now() - at > REREAD_MS ? at : undefined;
}

function toReceiptJson(receipt: Receipt) {
  if ('jws' in receipt) return { receipt: receipt.jws };
  const { message, details } = receipt.problem;
  return {
    problem: { description: message, owner: details.owner, remedy: details.remedy },
  };
}
