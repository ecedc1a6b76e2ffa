import type { DrillEnvironment } from './environment.ts';

/** A failure that is played, and what must hold meanwhile and afterwards. */
export interface Drill {
  /** What it is called on the command line. */
  readonly name: string;
  /** What is done; where docs/behaviour.md has the situation, in its words. */
  readonly situation: string;
  /** What must hold. */
  readonly promise: string;
  /** It takes about a second, and no test proves the same: it is one too. */
  readonly fast?: true;
  /** Plays it on an environment of its own; rejects when the promise does not hold. */
  readonly run: (environment: DrillEnvironment) => Promise<void>;
}
