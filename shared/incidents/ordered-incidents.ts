import type { IncidentOrder } from './incident-order.ts';
import type { IncidentStore } from './incident-store.ts';

/** A store whose incidents are in the order, too: see there why in this sequence. */
export function createOrderedIncidents<Store extends IncidentStore>(
  incidents: Store,
  order: IncidentOrder,
): Store {
  return {
    ...incidents,
    async save(tenantId, writes) {
      await order.add(writes.map(({ incident }) => incident));
      const etags = await incidents.save(tenantId, writes);
      const replaced = writes.flatMap(({ incident: { incidentId, lastUpdateAt }, seen }) =>
        seen && etags.has(incidentId) && seen.lastUpdateAt !== lastUpdateAt
          ? [{ tenantId, incidentId, lastUpdateAt: seen.lastUpdateAt }]
          : [],
      );
      await order.remove(replaced);
      return etags;
    },
    async removeTenant(tenantId) {
      const removed = await incidents.removeTenant(tenantId);
      await order.removeTenant(tenantId);
      return removed;
    },
    async removeBefore(tenantId, old) {
      const removed = await incidents.removeBefore(tenantId, old);
      await order.removeBefore(tenantId, old);
      return removed;
    },
  };
}
