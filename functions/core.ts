import type { HttpHandler } from '@azure/functions';
import { readConfig } from '../shared/read-config.ts';
import { createApiHandler } from './api.ts';
import { type Core, type CoreParts, composeCore } from './compose/core.ts';
import { issueToken } from './tokens/issue-token.ts';

/** What a token needs, and what all other functions stand on: loaded while the host starts. */
export interface CoreFunctions {
  /** Wired at the first call that finds settings that will do; throws while they are wrong. */
  readonly getCore: () => Core;
  /** `undefined`: nobody could be served yet. */
  readonly findCore: () => Core | undefined;
  readonly handlers: ReadonlyMap<string, HttpHandler>;
}

/** Creates the core of one process from its settings. */
export function createCoreFunctions(
  env: Readonly<Record<string, string | undefined>>,
  parts: CoreParts,
): CoreFunctions {
  let core: Core | undefined;
  const getCore = () => {
    core ??= composeCore(readConfig(env), parts);
    return core;
  };
  const handlerParts = { getServices: () => getCore().services, log: parts.log };
  return {
    getCore,
    findCore: () => core,
    handlers: new Map([[issueToken.id, createApiHandler(issueToken, handlerParts)]]),
  };
}
