import * as v from 'valibot';
import { LIST_ORDERS } from '../../incidents/incident-source.ts';
import type { SeenOrder } from '../../incidents/walk/list-order.ts';
import type { Walk } from '../../incidents/walk/walk.ts';
import { INCIDENT_SOURCES } from '../../resources/incident-sources.ts';
import { instantSchema } from '../incidents/stored-incident.ts';

/** What a walk is for. */
export const kindSchema = v.picklist(['backfill', 'changes', 'reconciliation']);

/** Where it reads. */
export const sourceSchema = v.picklist(INCIDENT_SOURCES);

/** Epoch milliseconds that a Date can hold. */
export const timeSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(8.64e15));

/** How many. */
export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** More than any page that is asked for. */
const MAX_TOP = 1000;

/** More rows than any list that is counted has. */
const MAX_SKIP = 10_000_000;

const orderSchema = v.pipe(
  v.object({
    by: v.pipe(v.array(v.picklist(LIST_ORDERS)), v.minLength(1)),
    last: v.object({ created: instantSchema, updated: instantSchema }),
    below: v.optional(v.object({ by: v.picklist(LIST_ORDERS), at: instantSchema })),
  }),
  v.transform((order): SeenOrder => ({ ...order, below: order.below })),
);

const placeEntries = {
  kind: kindSchema,
  source: sourceSchema,
  startedAt: timeSchema,
  begin: instantSchema,
  from: instantSchema,
  to: v.optional(instantSchema),
  skip: v.pipe(countSchema, v.maxValue(MAX_SKIP)),
  top: v.pipe(countSchema, v.minValue(1), v.maxValue(MAX_TOP)),
  gone: v.array(v.string()),
};
const countedEntries = { ...placeEntries, tooLarge: countSchema };
const followingEntries = {
  ...countedEntries,
  tail: v.array(v.string()),
  shared: v.picklist([0, 1]),
};

const storedSchema = v.variant('state', [
  v.object({ state: v.literal('opening'), ...countedEntries }),
  v.object({ state: v.literal('ordered'), ...followingEntries, order: orderSchema }),
  v.object({ state: v.literal('unordered'), ...followingEntries }),
  v.object({ state: v.literal('probing'), ...countedEntries, suspect: instantSchema }),
  v.object({
    state: v.literal('linked'),
    ...placeEntries,
    link: v.string(),
    links: countSchema,
    tail: v.array(v.string()),
  }),
]);

type StoredWalk = v.InferOutput<typeof storedSchema>;

/** A walk under way, by its state; one that can't be read, as of an older form, begins anew. */
export const walkSchema = v.pipe(storedSchema, v.transform(toWalk));

function toWalk({ gone: missingTargets, to, ...stored }: StoredWalk): Walk {
  const place = { to, missingTargets };
  switch (stored.state) {
    case 'opening':
    case 'probing':
      return { ...stored, ...place };
    case 'linked': {
      const { tail: previousPage, ...walk } = stored;
      return { ...walk, ...place, previousPage };
    }
    case 'ordered':
    case 'unordered': {
      const { tail: previousPage, shared: overlapRows, ...walk } = stored;
      return { ...walk, ...place, previousPage, overlapRows };
    }
  }
}

/** The stored form of a walk; its names are older than the code's. */
export function toStoredWalk({ missingTargets: gone, ...walk }: Walk): object {
  switch (walk.state) {
    case 'opening':
    case 'probing':
      return { ...walk, gone };
    case 'linked': {
      const { previousPage: tail, ...stored } = walk;
      return { ...stored, gone, tail };
    }
    case 'ordered':
    case 'unordered': {
      const { previousPage: tail, overlapRows: shared, ...stored } = walk;
      return { ...stored, gone, tail, shared };
    }
  }
}
