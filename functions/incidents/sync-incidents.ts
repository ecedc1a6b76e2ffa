import * as v from 'valibot';
import type { Services } from '../services.ts';

const messageSchema = v.object({ tenantId: v.pipe(v.string(), v.uuid()) });

/** Timer: finds the tenants that are due and puts a message for each into the queue. */
export const syncIncidents = ({ runSync }: Services) => runSync();

/** Queue `incident-sync`: reads what is new at one tenant. */
export const syncTenant = async ({ syncTenant: sync }: Services, message: unknown) => {
  await sync(v.parse(messageSchema, message).tenantId);
};
