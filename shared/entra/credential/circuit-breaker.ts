import { toDelayMs } from '../../retry/delay.ts';
import { type Failure, IssueError } from '../../tokens/failure.ts';

/** Stops the requests of one credential while they could only fail. */
export interface CircuitBreaker {
  /** Throws the IssueError that requests get while the circuit is open. */
  assertClosed(): void;
  /** Entra refuses the client, and locks out clients that repeat what it refused. */
  open(failure: Failure): void;
  /** The credential can't be had; answers the IssueError to throw. */
  openForOutage(cause: unknown): IssueError;
}

/** Creates the circuit breaker of one credential. */
export function createCircuitBreaker(now: () => number): CircuitBreaker {
  let opened: { readonly failure: Failure; readonly until: number } | undefined;
  return {
    assertClosed() {
      if (!opened || now() >= opened.until) return;
      throw new IssueError({ ...opened.failure, retryAfterMs: opened.until - now() });
    },
    open(failure) {
      opened = { failure, until: now() + toDelayMs('entra.client_refused') };
    },
    openForOutage(cause) {
      const failure: Failure = { cause: 'credential_unavailable' };
      opened = { failure, until: now() + toDelayMs('vault.outage') };
      return new IssueError(failure, cause);
    },
  };
}
