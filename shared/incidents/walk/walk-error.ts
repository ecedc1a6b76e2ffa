import { BrokerError } from '../../errors.ts';
import { SourceError, type SourceProblem } from '../incident-source.ts';

/** Why a walk does not go on. */
export type WalkProblem = SourceProblem | 'no_token' | 'partial' | 'unstable_list';

/** A request that brought nothing and that only waiting can help. */
export interface WalkError {
  readonly problem: WalkProblem;
  readonly retryAfterMs?: number | undefined;
}

/** A token that can't be had is the tenant's trouble too: its status says the rest. */
export async function tryRequest<T extends object>(work: () => Promise<T>): Promise<T | WalkError> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SourceError) {
      return { problem: error.problem, retryAfterMs: error.retryAfterMs };
    }
    if (!(error instanceof BrokerError)) throw error;
    const { retryAfterSeconds } = error.details;
    return {
      problem: 'no_token',
      retryAfterMs: retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000,
    };
  }
}
