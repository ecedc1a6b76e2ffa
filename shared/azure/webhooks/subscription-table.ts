import * as v from 'valibot';
import type { Inspectable } from '../../authority/inspection.ts';
import { createTurns } from '../../concurrency.ts';
import { CHANGE_KINDS } from '../../incidents/feed/change-feed.ts';
import type { Log } from '../../log.ts';
import { describeSubscription } from '../../webhooks/describe-subscription.ts';
import {
  type DeliveryRetryState,
  SUBSCRIPTION_LIFE_MS,
  SUBSCRIPTION_STATUSES,
  type Subscription,
  type SubscriptionFilter,
  type SubscriptionStore,
} from '../../webhooks/subscription.ts';
import { WEBHOOK_PROBLEM_NAMES } from '../../webhooks/webhook-problem.ts';
import { createGuardedStore } from '../authority/guarded-store.ts';
import type { AuthorityMapping, Guard } from '../authority/row-guard.ts';
import { reachStorage } from '../requests/storage-error.ts';
import { odata } from '../tables/odata.ts';
import type { ReadRow } from '../tables/row.ts';
import { type Mapping, type OpenTable, readRows } from '../tables/table-store.ts';
import { GUARD, insertAmong } from './insert-among.ts';

/** One partition holds all subscriptions: the timer reads them in one go. */
const PARTITION = 'webhook';

/** How far it is delivered: what is put back is sent again, to the same receiver. */
const OPERATIONAL = ['position', 'numbered', 'delivered', 'setback', 'leaseUntil', 'updatedAt'];

const filterSchema = v.pipe(
  v.object({
    tenants: v.optional(v.array(v.string())),
    severities: v.optional(v.array(v.string())),
    kinds: v.optional(v.array(v.picklist(CHANGE_KINDS))),
  }),
  v.transform(
    ({ tenants, severities, kinds }): SubscriptionFilter => ({ tenants, severities, kinds }),
  ),
);
const retryStateSchema = v.pipe(
  v.object({
    problem: v.picklist(WEBHOOK_PROBLEM_NAMES),
    status: v.optional(v.number()),
    count: v.number(),
    since: v.number(),
    retryAt: v.number(),
  }),
  v.transform((retryState): DeliveryRetryState => ({ ...retryState, status: retryState.status })),
);
const numberSchema = v.pipe(v.string(), v.transform(Number), v.safeInteger());
const rowSchema = v.object({
  rowKey: v.string(),
  callerId: v.string(),
  clientId: v.optional(v.string()),
  status: v.picklist(SUBSCRIPTION_STATUSES),
  filter: v.pipe(v.string(), v.parseJson(), filterSchema),
  sealed: v.string(),
  position: numberSchema,
  numbered: numberSchema,
  delivered: numberSchema,
  setback: v.optional(v.pipe(v.string(), v.parseJson(), retryStateSchema)),
  leaseUntil: v.optional(v.date()),
  expiresAt: v.optional(v.date()),
  createdAt: v.date(),
  updatedAt: v.date(),
});

const mapping = {
  table: 'webhooks',
  toKey: ({ rowKey }) => rowKey,
  isMine: ({ partitionKey, rowKey }) => partitionKey === PARTITION && rowKey < GUARD,
  operational: OPERATIONAL,
  act: 'subscription.change',
  describe: (subscription) => ({
    tenantHash: undefined,
    subject: subscription.id,
    fields: describeSubscription(subscription),
  }),
  toRowId: (id: string) => ({ partitionKey: PARTITION, rowKey: id }),
  toRow: ({ id, filter, retryState, leaseUntil, ...subscription }: Subscription) => ({
    partitionKey: PARTITION,
    rowKey: id,
    callerId: subscription.callerId,
    clientId: subscription.clientId,
    status: subscription.status,
    filter: JSON.stringify(filter),
    sealed: subscription.sealed,
    position: String(subscription.position),
    numbered: String(subscription.numbered),
    delivered: String(subscription.delivered),
    setback: retryState && JSON.stringify(retryState),
    leaseUntil: leaseUntil === undefined ? undefined : new Date(leaseUntil),
    expiresAt: new Date(subscription.expiresAt),
    createdAt: new Date(subscription.createdAt),
    updatedAt: new Date(subscription.updatedAt),
  }),
  parseRow,
} satisfies Mapping<string, Subscription> & AuthorityMapping<Subscription>;

/** The table `webhooks`: one row per subscription, its URL and secrets sealed. */
export function createSubscriptionTable(
  open: OpenTable,
  log: Log,
  guard?: Guard,
): SubscriptionStore & Inspectable {
  const store = createGuardedStore(open, mapping, guard);
  // A caller that makes many at once would lose against itself again and again.
  const takeTurns = createTurns();
  return {
    ...store,
    async insert(value, most) {
      if (most === undefined) return await store.insert(value);
      const { callerId } = value;
      const insert = () =>
        store.insertBy(value, (row) => insertAmong(open, { ...row, callerId }, most));
      return await takeTurns(callerId, insert);
    },
    async list(callerId) {
      const all = odata`PartitionKey eq ${PARTITION} and RowKey lt ${GUARD}`;
      const filter = callerId === undefined ? all : `${all} and ${odata`callerId eq ${callerId}`}`;
      const rows = await reachStorage(() => readRows(open, filter, Number.POSITIVE_INFINITY));
      return await store.admit(rows, log);
    },
  };
}

function parseRow(row: ReadRow): Subscription {
  const {
    rowKey,
    createdAt,
    updatedAt,
    leaseUntil,
    expiresAt,
    setback: retryState,
    ...fields
  } = v.parse(rowSchema, row);
  return {
    ...fields,
    id: rowKey,
    retryState,
    leaseUntil: leaseUntil?.getTime(),
    // Rows of a version before have none.
    expiresAt: expiresAt?.getTime() ?? updatedAt.getTime() + SUBSCRIPTION_LIFE_MS,
    createdAt: createdAt.getTime(),
    updatedAt: updatedAt.getTime(),
  };
}
