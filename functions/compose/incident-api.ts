import { setTimeout } from 'node:timers/promises';
import type { RecordEvent } from '../../shared/audit/record-event.ts';
import type { Authorize } from '../../shared/callers/authorize.ts';
import type { Config } from '../../shared/config.ts';
import {
  createGetFleetCoverage,
  type FleetDirectory,
  type GetFleetCoverage,
} from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createGetSync } from '../../shared/incidents/coverage/get-sync.ts';
import { createCursorSeal } from '../../shared/incidents/cursor-seal.ts';
import { createReadChanges } from '../../shared/incidents/feed/read-changes.ts';
import { createGetIncident } from '../../shared/incidents/get-incident.ts';
import {
  createIncidentAccess,
  type IncidentAccess,
} from '../../shared/incidents/incident-access.ts';
import type { WriteIncidents } from '../../shared/incidents/incident-writer.ts';
import { createListIncidents } from '../../shared/incidents/list/list-incidents.ts';
import { createListNewest } from '../../shared/incidents/list/list-newest.ts';
import { createCountOpenIncidents } from '../../shared/incidents/open-incidents.ts';
import { toLateAfter } from '../../shared/incidents/sync/sync-run.ts';
import { createUpdateIncident } from '../../shared/incidents/update-incident.ts';
import type { Log } from '../../shared/log.ts';
import type { GetConsentUrl } from '../../shared/tenants/consent-url.ts';
import type { IncidentServices } from '../services.ts';
import type { Entra } from './entra.ts';
import type { Sources } from './incidents.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';
import { createWithGrant } from './with-grant.ts';

const { now } = Date;

/** Wires what callers do with incidents: list, look, change, follow. */
export function composeIncidentApi(
  config: Config,
  parts: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    fleet: FleetDirectory;
    authorize: Authorize;
    recordEvent: RecordEvent;
    getConsentUrl: GetConsentUrl;
    sources: Sources;
    writeIncidents: WriteIncidents;
    log: Log;
  },
): {
  access: IncidentAccess;
  incidents: IncidentServices;
  getCoverage: GetFleetCoverage;
} {
  const { storage, tokens, entra } = parts;
  const { tenants, incidents, changeFeed, syncStates } = storage;
  const { directory, watch } = tokens;
  const lateAfterMs = toLateAfter(config.incidentSyncIntervalMs);
  const defaultSource = config.incidentSource;
  const rules = { defaultSource, lateAfterMs };
  const access = createIncidentAccess({ ...parts, ...entra, epoch: watch, directory });
  const seal = createCursorSeal({ seal: entra.seal, deployment: config.publicBaseUrl, now });
  const common = { ...parts, access, incidents, syncStates, seal, rules, now };
  const withGrant = createWithGrant(tokens, 'incidents');
  const getCoverage = createGetFleetCoverage({ fleet: parts.fleet, lateAfterMs, now });
  return {
    access,
    getCoverage,
    incidents: {
      portalUrl: config.portalUrl,
      list: withGrant(createListIncidents({ ...common, tenants })),
      listNewest: withGrant(
        createListNewest({ ...common, order: storage.incidentOrder, getCoverage }),
      ),
      get: createGetIncident(common),
      update: createUpdateIncident({ ...common, defaultSource, write: parts.writeIncidents }),
      readChanges: withGrant(
        createReadChanges({ ...common, changeFeed, getCoverage, sleep: setTimeout }),
      ),
      getSync: createGetSync(common),
      countOpen: createCountOpenIncidents({ ...common, order: storage.incidentOrder }),
    },
  };
}
