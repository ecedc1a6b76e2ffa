import type { ActPage } from '../../docs/client/broker-api.ts';

/** An audit event as the API shows it. */
export type AuditEvent = ActPage['value'][number];

/** What was done, after the name of who did it. */
const DEEDS: Readonly<Record<AuditEvent['act'], string>> = {
  'ledger.start': 'began the record',
  'invitation.create': 'made an invitation',
  'invitation.approve': 'approved a sign-in',
  'invitation.revoke': 'withdrew an invitation',
  'invitation.change': 'moved an invitation on',
  'tenant.patch': 'changed the customer',
  'tenant.verify': 'verified the customer',
  'tenant.offboard': 'offboarded the customer',
  'tenant.change': 'updated the customer',
  'grants.put': 'changed a caller',
  'grants.remove': "took a caller's grants away",
  'grants.change': 'updated a caller',
  'caller.block': 'blocked a caller',
  'caller.unblock': 'unblocked a caller',
  'policy.simulate': 'asked what a caller would get',
  'credential.put': 'took a new credential into use',
  'credential.refused': 'refused a new credential',
  'incident.update': 'changed an incident',
  'api.call': "called the customer's API",
  'subscription.create': 'made a webhook',
  'subscription.patch': 'changed a webhook',
  'subscription.remove': 'removed a webhook',
  'subscription.replay': 'replayed a webhook',
  'subscription.rotate': "changed a webhook's secret",
  'subscription.test': 'tested a webhook',
  'subscription.change': 'updated a webhook',
  'hunt.create': 'began a hunt',
  'hunt.cancel': 'cancelled a hunt',
  'hunt.remove': 'removed a hunt',
  'query.put': 'saved a query',
  'query.remove': 'removed a query',
  'integrity.accept': 'accepted rows that somebody else changed',
};

/** `changed the customer`. */
export function toDeed({ act }: AuditEvent): string {
  return DEEDS[act];
}

/** The kinds of events that can be chosen, each with its events. */
export const EVENT_KINDS: Readonly<Record<string, readonly AuditEvent['act'][]>> = {
  customers: ['tenant.patch', 'tenant.verify', 'tenant.offboard', 'tenant.change'],
  invitations: [
    'invitation.create',
    'invitation.approve',
    'invitation.revoke',
    'invitation.change',
  ],
  callers: [
    'grants.put',
    'grants.remove',
    'grants.change',
    'caller.block',
    'caller.unblock',
    'policy.simulate',
  ],
  incidents_and_calls: ['incident.update', 'api.call'],
  hunts: ['hunt.create', 'hunt.cancel', 'hunt.remove', 'query.put', 'query.remove'],
  webhooks: [
    'subscription.create',
    'subscription.patch',
    'subscription.remove',
    'subscription.replay',
    'subscription.rotate',
    'subscription.test',
    'subscription.change',
  ],
  broker: ['ledger.start', 'credential.put', 'credential.refused', 'integrity.accept'],
};

/** Whether a text is a hash, which tells people nothing. */
export function isHash(text: string): boolean {
  return /^[\w-]{43}$/.test(text);
}

/** A hash as people can compare it; the whole belongs into a `title`. */
export function shortenId(id: string): string {
  return `${id.slice(0, 10)}…`;
}
