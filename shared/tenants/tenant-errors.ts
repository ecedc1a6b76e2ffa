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
