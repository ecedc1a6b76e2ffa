import type { IncidentStore } from '../defender/incident-store.ts';
import type { Customer } from './customers.ts';

const MINUTE = 60_000;

/** How often something happens to somebody, in milliseconds. */
const PACE = 4000;

/** A customer with so many incidents gets no more by itself: the sandbox may run for days. */
const MOST = 200;

/** What can happen to a customer's incidents. */
export const EVENTS = {
  incident: (incidents: IncidentStore, tenantId: string) => {
    incidents.createIncident(tenantId);
  },
  update: (incidents: IncidentStore, tenantId: string) => {
    const [incidentId] = pick(incidents, tenantId);
    if (incidentId === undefined) return;
    incidents.updateIncident({ tenantId, incidentId }, { status: 'InProgress' });
    incidents.addComment({ tenantId, incidentId }, { comment: 'Looking.', createdBy: 'SOC' });
  },
  merge: (incidents: IncidentStore, tenantId: string) => {
    const [incidentId, into] = pick(incidents, tenantId);
    if (incidentId === undefined || into === undefined) return;
    incidents.mergeIncident({ tenantId, incidentId }, into);
  },
  'late-index': (incidents: IncidentStore, tenantId: string) => {
    const now = Date.now();
    incidents.createIncident(tenantId, { at: now - MINUTE, listedFrom: now + MINUTE });
  },
  burst: (incidents: IncidentStore, tenantId: string) => {
    const now = Date.now();
    incidents.createBurst(tenantId, { count: 20, from: now - MINUTE, to: now });
  },
} as const;

/** Incidents that come and go by themselves. */
export interface IncidentLife {
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

/** Every few seconds something happens to one of the customers. */
export function createIncidentLife({
  incidents,
  customers,
}: {
  incidents: IncidentStore;
  customers: readonly Customer[];
}): IncidentLife {
  let timer: NodeJS.Timeout | undefined;
  const happen = () => {
    const tenantId = any(customers)?.tenant.tenantId ?? '';
    const isFull = incidents.listIncidents(tenantId).length >= MOST;
    const event = isFull ? EVENTS.update : any(Object.values(EVENTS));
    event?.(incidents, tenantId);
  };
  return {
    start: () => {
      timer ??= setInterval(happen, PACE);
    },
    stop: () => {
      clearInterval(timer);
      timer = undefined;
      return Promise.resolve();
    },
  };
}

/** Two incidents that were not merged into others, if there are. */
function pick(incidents: IncidentStore, tenantId: string): readonly number[] {
  const open = incidents.listIncidents(tenantId).filter((one) => one.redirectIncidentId === null);
  const one = any(open);
  const other = any(open.filter((incident) => incident !== one));
  return [one, other].flatMap((incident) => incident?.incidentId ?? []);
}

function any<T>(all: readonly T[]): T | undefined {
  return all[Math.floor(Math.random() * all.length)];
}
