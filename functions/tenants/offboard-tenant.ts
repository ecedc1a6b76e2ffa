import { RECALL_NOTICE, type Receipt } from '../../shared/offboarding/receipt.ts';
import { toLiveTokenJson } from '../audit/list-issuances.ts';
import { apiRoute } from '../route.ts';
import { toTenantJson } from './tenant-json.ts';

/** `DELETE /tenants/{tenant}`: ends a tenant's life with us, and says so in a receipt; can be repeated. */
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
    const { offboardings, audit, recordAct, issueReceipt } = services;
    const closed = await offboardings.close(params.tenant);
    const { tenantId } = closed;
    // Before the purge: an act whose purge fails was done all the same.
    await recordAct({ act: 'tenant.offboard', tenantId, actor: caller.id, correlationId });
    const tombstone = await offboardings.purge(closed);
    const live = await audit.listLive({ tenantId });
    const last = Math.max(...live.map(({ expiresAt }) => expiresAt));
    const until = live.length > 0 ? last : undefined;
    const receipt = await issueReceipt(tombstone, { count: live.length, until });
    const { tenant_id, status, offboarded_at, purged_at } = toTenantJson(tombstone);
    return {
      jsonBody: {
        tenant_id,
        status,
        offboarded_at,
        purged_at,
        purged: tombstone.offboarding.removed,
        live_tokens: live.map(toLiveTokenJson),
        live_tokens_until: until === undefined ? undefined : new Date(until).toISOString(),
        notice: RECALL_NOTICE,
        ...toReceiptJson(receipt),
      },
    };
  },
});

function toReceiptJson(receipt: Receipt) {
  if ('jws' in receipt) return { receipt: receipt.jws };
  const { message, details } = receipt.problem;
  return {
    problem: { description: message, owner: details.owner, remedy: details.remedy },
  };
}
