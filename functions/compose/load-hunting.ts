import type { Config } from '../../shared/config.ts';
import type { HuntingServices } from '../services.ts';
import type { HuntingParts } from './hunting.ts';

/**
 * Creates what loads hunting once, when somebody hunts: every other cold start goes without its
 * chunk.
 */
export function createLoadHunting(
  config: Config,
  parts: HuntingParts,
): () => Promise<HuntingServices> {
  let loading: Promise<HuntingServices> | undefined;
  return () => {
    loading ??= load(config, parts).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
}

async function load(config: Config, parts: HuntingParts): Promise<HuntingServices> {
  const { composeHunting } = await import('./hunting.ts');
  return composeHunting(config, parts);
}
