import { randomInt, randomUUID } from 'node:crypto';
import { IssueError } from '../../shared/tokens/failure.ts';
import type { RequestToken } from '../../shared/tokens/token-issuer.ts';
import type { TokenKey } from '../../shared/tokens/token-record.ts';
import { makeAccessToken } from './access-token.ts';

/** What Entra was asked for, and how often it gave another tenant's token. */
export interface EntraTally {
  entraCalls: number;
  wrongFromEntra: number;
}

/** Creates an Entra that fails, hangs, and hands out tokens of others. */
export function createFaultyEntra(
  keys: readonly TokenKey[],
  tally: EntraTally,
  {
    wait,
    now = Date.now,
  }: {
    /** Lets an answer's time pass; `isHanging`: longer than usual. */
    wait: (isHanging: boolean) => Promise<unknown>;
    now?: () => number;
  },
): RequestToken {
  return async (key) => {
    tally.entraCalls++;
    const fate = randomInt(100);
    await wait(randomInt(20) === 0);
    if (fate < 10) throw new IssueError({ cause: 'service_unavailable' });
    if (fate < 15) throw new IssueError({ cause: 'throttled', retryAfterMs: 1000 });
    const expiresInMs = randomInt(60, 600) * 1000;
    if (fate < 90) return { accessToken: makeAccessToken(key, now()), expiresInMs };
    tally.wrongFromEntra++;
    return { accessToken: makeAccessToken(drawOther(keys, key), now()), expiresInMs };
  };
}

/** Mostly another tenant, at times the same for another API. */
function drawOther(keys: readonly TokenKey[], { tenantId, resource }: TokenKey): TokenKey {
  const drawn =
    randomInt(4) === 0 ? pick(keys.filter((key) => key.tenantId === tenantId)) : pick(keys);
  const isSame = drawn.tenantId === tenantId && drawn.resource === resource;
  return isSame ? { tenantId: randomUUID(), resource } : drawn;
}

/** Any of a list, which is not empty. */
export function pick<T>(list: readonly T[]): T {
  return list[randomInt(list.length)] as T;
}
