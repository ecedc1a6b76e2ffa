import type { Caller } from '../../callers/caller.ts';
import type { ChangeFeed, SequencedChange } from '../../incidents/feed/change-feed.ts';
import type { IncidentAccess } from '../../incidents/incident-access.ts';
import type { Subscription, SubscriptionFilter } from '../subscription.ts';
import type { Outbox, OutboxEntry, OutboxHead } from './outbox.ts';

/** What numbering needs. */
export interface NumberingParts {
  readonly outbox: Outbox;
  readonly changeFeed: Pick<ChangeFeed, 'read' | 'bounds'>;
  readonly access: Pick<IncidentAccess, 'ensureCurrent' | 'findReadable'>;
  readonly now: () => number;
}

/** Changes that one transaction numbers. */
const PAGE = 99;

/** Pages of one run; what is left is numbered by the next. */
const MAX_PAGES = 20;

/** The owner, whose roles can't be known without its token: its grants decide. */
export function toOwner({ callerId }: Subscription): Caller {
  return { id: callerId, kind: 'application', roles: ['Incidents.Read'] };
}

/**
 * Gives a number to every change after the position that the subscription is for and its owner may
 * see now, and moves the position with it. `undefined`: another process numbers at the same time.
 */
export async function numberChanges(
  parts: NumberingParts,
  subscription: Subscription,
): Promise<OutboxHead | undefined> {
  const { outbox, changeFeed } = parts;
  const { first, last } = await changeFeed.bounds();
  let head: OutboxHead | undefined = await outbox.find(subscription.id);
  for (let page = 0; head && page < MAX_PAGES; page++) {
    const position = head.position ?? subscription.position;
    if (position >= last) break;
    const batch =
      position < first
        ? toExpired(first, parts.now())
        : await toBatch(parts, subscription, position);
    if (batch.position === position) break;
    head = await outbox.append(subscription.id, head, batch);
  }
  return head;
}

interface Batch {
  readonly entries: readonly OutboxEntry[];
  readonly position: number;
}

/** One number stands for all the changes that were removed by age before they were numbered. */
function toExpired(first: number, now: number): Batch {
  return { entries: [{ feedSequence: first, recordedAt: now }], position: first };
}

async function toBatch(
  { changeFeed, access }: NumberingParts,
  subscription: Subscription,
  after: number,
): Promise<Batch> {
  await access.ensureCurrent();
  const { changes, position } = await changeFeed.read(after, PAGE);
  const entries: OutboxEntry[] = [];
  for (const change of changes) {
    if (!(await isWanted(access, subscription, change))) continue;
    entries.push({ feedSequence: change.sequence, recordedAt: change.recordedAt });
  }
  return { entries, position };
}

async function isWanted(
  access: NumberingParts['access'],
  subscription: Subscription,
  { kind, incident }: SequencedChange,
): Promise<boolean> {
  const { tenants, severities, kinds } = subscription.filter;
  if (severities && !severities.includes(incident.severity)) return false;
  if (kinds && !kinds.includes(kind)) return false;
  const tenant = await access.findReadable(toOwner(subscription), incident.tenantId);
  return tenant !== undefined && isNamed(tenants, tenant);
}

function isNamed(
  names: SubscriptionFilter['tenants'],
  { tenantId, tags }: { readonly tenantId: string; readonly tags: readonly string[] },
): boolean {
  if (!names) return true;
  return names.includes(tenantId) || tags.some((tag) => names.includes(`tag:${tag}`));
}
