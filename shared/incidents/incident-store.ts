import type { IncidentSourceName } from '../resources/incident-sources.ts';
import type { ChangeKind } from './feed/change-feed.ts';
import type { FetchedIncident, Incident, IncidentKey } from './incident.ts';
import type { Instant } from './instant.ts';

/** What tells whether an incident that was read is news. */
export interface StoredVersion {
  readonly etag: string;
  readonly source: IncidentSourceName;
  readonly lastUpdateAt: Instant;
  /** SHA-256 of what both APIs say. */
  readonly contentHash: string;
  /** SHA-256 of the API's JSON. */
  readonly rawHash: string;
  /**
   * The change that may not be in the feed yet, because a crash came before it was appended;
   * `undefined`: it is.
   */
  readonly unpublished: ChangeKind | undefined;
  /** Where the store keeps what was too large for the row: its own business. */
  readonly overflow?: string | undefined;
}

/**
 * An incident to be written over the version that was seen; its JSON is left out where it is too
 * large.
 */
export interface IncidentWrite extends FetchedIncident {
  readonly contentHash: string;
  readonly rawHash: string;
  /** Stored with it until `markPublished`. */
  readonly kind: ChangeKind;
  readonly seen: StoredVersion | undefined;
}

/** An incident as it is stored; `raw` is `undefined` when it was left out. */
export interface StoredIncident {
  readonly incident: Incident;
  readonly raw: string | undefined;
}

/** Which stored incidents of one tenant; conditions are joined by "and". */
export interface IncidentQuery {
  readonly tenantId: string;
  /** Any of these. */
  readonly severities?: readonly string[] | undefined;
  readonly statuses?: readonly string[] | undefined;
  readonly assignedTo?: string | undefined;
  readonly updatedSince?: Instant | undefined;
  readonly createdSince?: Instant | undefined;
  /** The id that the page before ended with. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A page of a tenant's incidents. */
export interface IncidentListing {
  readonly incidents: readonly Incident[];
  /** Ids of rows that do not hold what was written, the newest first. */
  readonly unreadable: readonly string[];
  /** Continues after the page. */
  readonly next: string | undefined;
}

/** Incidents whose last update is before an instant, `limit` of them at most. */
export interface OldIncidents {
  readonly instant: Instant;
  readonly limit: number;
}

/** The incidents of all tenants. Entries can be read while they are written. */
export interface IncidentStore {
  /** The versions of those that are stored. */
  findVersions(
    tenantId: string,
    incidentIds: readonly string[],
  ): Promise<ReadonlyMap<string, StoredVersion>>;
  /**
   * Writes incidents of one tenant as unpublished, each only over the version that was seen.
   * Answers the new etags by incident id; one that is not there was overtaken by another writer.
   */
  save(tenantId: string, writes: readonly IncidentWrite[]): Promise<ReadonlyMap<string, string>>;
  /**
   * Notes that these versions are in the change feed; one that was overwritten meanwhile is left
   * alone.
   */
  markPublished(tenantId: string, etags: ReadonlyMap<string, string>): Promise<void>;
  /** `unreadable`: there is a row, and it does not hold what was written. */
  find(key: IncidentKey): Promise<StoredIncident | 'unreadable' | undefined>;
  /** As lists show them, in the order of the keys; `undefined`: there is none. */
  findListed(
    keys: readonly IncidentKey[],
  ): Promise<readonly (Incident | 'unreadable' | undefined)[]>;
  /**
   * The JSON, in the order of the keys; `undefined`: it is over 1 MiB, or there is none that can be
   * read.
   */
  findRaws(keys: readonly IncidentKey[]): Promise<readonly (string | undefined)[]>;
  /** Newest id first; without the JSON; at most some 4 MB. */
  list(query: IncidentQuery): Promise<IncidentListing>;
  /** Removes everything of a tenant; answers how many incidents there were. */
  removeTenant(tenantId: string): Promise<number>;
  /** Removes up to `limit` incidents of a tenant, last updated before an instant; how many. */
  removeBefore(tenantId: string, old: OldIncidents): Promise<number>;
}
