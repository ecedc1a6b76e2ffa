import { createAdmitCaller } from '../../shared/admit-caller.ts';
import type { RecordEvent } from '../../shared/audit/record-event.ts';
import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import type { Authenticate } from '../../shared/callers/authenticate.ts';
import { type Authorize, createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import type { CheckCaller } from '../../shared/callers/check-caller.ts';
import type { Config } from '../../shared/config.ts';
import type { GetConsentUrl } from '../../shared/invitations/reconsent.ts';
import { createServeToken } from '../../shared/serve-token.ts';
import { createResourceParser } from '../../shared/tokens/resource.ts';
import { createValidateToken } from '../../shared/tokens/validate-token.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import { composeProxy } from './proxy.ts';
import { composeStandardFace } from './standard-face.ts';
import type { Storage } from './storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires what callers do with tokens: get one, look at one. */
export function composeExchange(
  config: Config,
  parts: {
    storage: Storage;
    entra: Entra;
    tokens: Tokens;
    observer: Observer;
    identify: Authenticate;
    checkCaller: CheckCaller;
    authorize: Authorize;
    getConsentUrl: GetConsentUrl;
    recordEvent: RecordEvent;
  },
) {
  const { storage, tokens, authorize, getConsentUrl } = parts;
  const { resources, resolveTenant } = parts.entra;
  const { requiredRoles, clientId } = config;
  const parseResource = createResourceParser(resources);
  const admit = createAdmitCaller({
    epoch: tokens.watch,
    resolveTenant,
    authorize,
    mayHaveOfSome: createMayHaveOfSome(tokens.grants),
    directory: tokens.directory,
    getConsentUrl,
  });
  const serveToken = createServeToken({
    admit,
    parseResource,
    recordIssuance: createRecordIssuance({
      issuances: storage.issuances,
      log: parts.observer.log,
      now,
    }),
    broker: tokens.broker,
    getConsentUrl,
  });
  return {
    entraNow: parts.observer.entraNow,
    parseResource,
    serveToken,
    ...composeStandardFace(config, { ...parts, resources, parseResource, serveToken }),
    callApi: composeProxy(config, { ...parts, admit }),
    validateToken: createValidateToken({
      resources,
      requiredRoles,
      clientId,
      now: parts.observer.entraNow,
    }),
  };
}
