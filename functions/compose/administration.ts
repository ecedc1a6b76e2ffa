import { createGrantAdministration } from '../../shared/callers/grant-administration.ts';
import { createSimulate } from '../../shared/callers/simulation.ts';
import type { FleetDirectory } from '../../shared/incidents/coverage/fleet-coverage.ts';
import { createChooseSource } from '../../shared/incidents/sync/choose-source.ts';
import type { Log } from '../../shared/log.ts';
import { createResourceParser } from '../../shared/resources/resource.ts';
import { createTenantAdministration } from '../../shared/tenant-administration.ts';
import type { Verifier } from '../../shared/verification/verification.ts';
import type { Entra } from './entra.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires what operators do with tenants and callers. */
export function composeAdministration(parts: {
  storage: Storage;
  entra: Entra;
  tokens: Tokens;
  verifier: Verifier;
  fleet: Pick<FleetDirectory, 'forget'>;
  log: Log;
}) {
  const { verifier, log } = parts;
  const { tenants, grants, syncStates } = parts.storage;
  const { resolveTenant, resources } = parts.entra;
  const changes = { tenants, publish: parts.tokens.watch.publish, log, now };
  const parseResource = createResourceParser(resources);
  return {
    tenants,
    administration: createTenantAdministration({
      ...changes,
      grants,
      chooseSource: createChooseSource(syncStates),
      resolveTenant,
      verifier,
      forgetNames: parts.fleet.forget,
    }),
    grantAdministration: createGrantAdministration({ ...changes, grants }),
    simulate: createSimulate({ grants, tenants, resolveTenant, parseResource }),
  };
}
