import type { Incident } from '../incident.ts';
import type { IncidentStore } from '../incident-store.ts';

/**
 * The API's JSON of incidents on a page; `undefined`: it is over 1 MiB, and only answered with the
 * incident alone.
 */
export type Raws = ReadonlyMap<Incident, string | undefined>;

/** The JSON that is asked for besides a page of incidents. */
export interface IncludedRaws {
  readonly raws: Raws;
  /** Reads the JSON of incidents that are about to be put on the page, as it is stored now. */
  readonly load: (incidents: readonly Incident[]) => Promise<void>;
  /** The bytes that the JSON of an incident adds to the page. */
  readonly sizeOf: (incident: Incident) => number;
}

/** Creates what reads the JSON for one page; nothing is read unless it is asked for. */
export function createIncludedRaws(
  incidents: Pick<IncidentStore, 'findRaws'>,
  withRaw: boolean,
): IncludedRaws {
  const raws = new Map<Incident, string | undefined>();
  return {
    raws,
    async load(added) {
      if (!withRaw) return;
      const found = await incidents.findRaws(added);
      for (const [index, incident] of added.entries()) raws.set(incident, found[index]);
    },
    sizeOf: (incident) => Buffer.byteLength(raws.get(incident) ?? ''),
  };
}
