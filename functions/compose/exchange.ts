import { createAdmitCaller } from '../../shared/admit-caller.ts';
import { createRecordIssuance } from '../../shared/audit/record-issuance.ts';
import { type Authorize, createMayHaveOfSome } from '../../shared/callers/authorize.ts';
import { createResourceParser } from '../../shared/resources/resource.ts';
import { createServeToken } from '../../shared/serve-token.ts';
import type { GetConsentUrl } from '../../shared/tenants/consent-url.ts';
import type { Entra } from './entra.ts';
import type { Observer } from './observer.ts';
import type { TokenStorage } from './token-storage.ts';
import type { Tokens } from './tokens.ts';

const { now } = Date;

/** Wires what a token takes: who may have it, the token, its record. */
export function composeExchange(parts: {
  storage: TokenStorage;
  entra: Entra;
  tokens: Tokens;
  observer: Observer;
  authorize: Authorize;
  getConsentUrl: GetConsentUrl;
}) {
  const { storage, tokens, authorize, getConsentUrl } = parts;
  const { resources, resolveTenant } = parts.entra;
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
    memo: tokens.memo,
    getConsentUrl,
  });
  return { parseResource, admit, serveToken };
}
