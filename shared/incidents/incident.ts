import type { IncidentSourceName } from '../resources/incident-sources.ts';
import type { Instant } from './instant.ts';

/**
 * An incident in one vocabulary, whichever API it was read from: values are Graph's words
 * (`inProgress`, `truePositive`; "incident resource type", Microsoft Graph v1.0). New words may
 * appear at any time.
 */
export interface Incident {
  readonly tenantId: string;
  /** Decimal digits; the same number in both APIs. */
  readonly incidentId: string;
  readonly source: IncidentSourceName;
  readonly name: string;
  readonly severity: string;
  readonly status: string;
  readonly classification: string;
  readonly determination: string;
  readonly assignedTo: string | undefined;
  /** `undefined`: the API said none that could be read. */
  readonly createdAt: Instant | undefined;
  readonly lastUpdateAt: Instant;
  /** The incident that it was merged into; its status is then `redirected`. */
  readonly redirectIncidentId: string | undefined;
  readonly tags: readonly string[];
  readonly comments: readonly IncidentComment[];
  /** `undefined`: the API lists incidents without their alerts. */
  readonly alertCount: number | undefined;
}

/** A comment of an analyst. */
export interface IncidentComment {
  readonly comment: string;
  readonly createdBy: string | undefined;
  readonly createdAt: Instant | undefined;
}

/** Where an incident is. */
export interface IncidentKey {
  readonly tenantId: string;
  readonly incidentId: string;
}

/** An incident as it was read, with everything that the API said about it. */
export interface FetchedIncident {
  readonly incident: Incident;
  /**
   * The API's JSON of this incident, whole; `undefined`: it is nested too deeply to be written
   * down.
   */
  readonly raw: string | undefined;
}
