import { createHash } from 'node:crypto';
import { type Fields, withoutTenantIds } from '../audit/describe/field-changes.ts';
import type { Subscription } from './subscription.ts';

/** What audit events tell of a subscription; its target only so far that a change of it shows. */
export function describeSubscription(subscription: Subscription): Fields {
  const { callerId, clientId, status, filter, sealed } = subscription;
  return {
    caller: callerId,
    application: clientId,
    status,
    filter: withoutTenantIds(JSON.stringify(filter)),
    target: createHash('sha256').update(sealed).digest('base64url').slice(0, 12),
  };
}
