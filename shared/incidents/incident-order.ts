import type { Incident, IncidentKey } from './incident.ts';
import type { IncidentQuery, OldIncidents } from './incident-store.ts';
import type { Instant } from './instant.ts';

/** A version of an incident: what is listed by the time of its last update. */
export interface OrderedVersion extends IncidentKey {
  readonly lastUpdateAt: Instant;
}

/** A version with its place among all. */
export interface OrderEntry extends OrderedVersion {
  readonly severity: string;
  /** Pass it as `after` to go on behind it. */
  readonly position: string;
}

/** Which versions; conditions are joined by "and". */
export interface OrderQuery
  extends Pick<IncidentQuery, 'severities' | 'statuses' | 'assignedTo' | 'updatedSince' | 'limit'> {
  /** `undefined`: those of all tenants. */
  readonly tenantId?: string | undefined;
  /** The position that the page before ended with. */
  readonly after?: string | undefined;
}

/** A stretch of the order. */
interface OrderPage {
  readonly entries: readonly OrderEntry[];
  /** Where it ended; `undefined`: there is nothing behind it. */
  readonly next: string | undefined;
}

/**
 * The incidents of all tenants, the last updated first.
 *
 * It only points: an entry counts if the store holds that very version. Each version is added
 * before it is stored, and the one before it is removed afterwards. So a crash leaves entries that
 * count no more, and never an incident without its entry.
 */
export interface IncidentOrder {
  add(incidents: readonly Incident[]): Promise<void>;
  remove(versions: readonly OrderedVersion[]): Promise<void>;
  list(query: OrderQuery): Promise<OrderPage>;
  removeTenant(tenantId: string): Promise<void>;
  /** Removes a tenant's entries whose last update is before an instant, up to `limit`. */
  removeBefore(tenantId: string, old: OldIncidents): Promise<void>;
}
