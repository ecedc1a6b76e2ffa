import { BrokerError } from '../errors.ts';

/** For an id that no invitation has, or has any more. */
export function toNotFoundError(): BrokerError {
  return new BrokerError('invitation_not_found', 'There is no such invitation.', {
    owner: 'caller',
    remedy: 'Take an invitation_id of GET /api/invitations; ended ones are removed daily.',
  });
}

const APPROVAL_PROBLEMS = {
  nobody_waits: {
    description: 'Nobody waits for an approval of this invitation.',
    remedy: 'Look at its status with GET /api/invitations.',
  },
  other_tenant: {
    description: 'The parameter tenant names no tenant that waits for an approval.',
    remedy: 'Take a tenant_id of the claims in GET /api/invitations.',
  },
  several_wait: {
    description: 'Several tenants wait for an approval of this invitation.',
    remedy: 'Send the parameter tenant with the tenant_id of the one to approve.',
  },
} as const;

/** Why an approval is refused. */
export function toApprovalError(problem: keyof typeof APPROVAL_PROBLEMS): BrokerError {
  const { description, remedy } = APPROVAL_PROBLEMS[problem];
  return new BrokerError('invalid_request', description, { owner: 'caller', remedy });
}
