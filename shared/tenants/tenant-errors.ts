import { BrokerError } from '../errors.ts';

/** For callers who may list tenants. */
export function toNotFoundError(): BrokerError {
  return new BrokerError('tenant_not_found', 'There is no such tenant.', {
    owner: 'caller',
    remedy: 'Look it up with GET /api/tenants, or invite it with POST /api/invitations.',
  });
}

/** An operator's decision, which only an operator takes back. */
export function toDisabledError(): BrokerError {
  return new BrokerError('tenant_disabled', 'An operator has disabled the tenant.', {
    owner: 'partner',
    remedy: 'Enable it with PATCH /api/tenants/{tenant} and status active, which verifies it too.',
  });
}

/** For callers without a grant: the same whether the tenant exists or not. */
export function toDeniedError(): BrokerError {
  return new BrokerError('access_denied', 'The caller has no grant for this tenant and resource.', {
    owner: 'partner',
    remedy: 'Check the tenant; if it is right, have an operator grant the caller access.',
  });
}
