import type { TraceContext } from './trace-context.ts';

/** What became of a piece of work; times in epoch milliseconds. */
export interface Span {
  readonly name: string;
  /** `server`: we were asked over HTTP; `client`: we asked; `consumer`: a message or a schedule. */
  readonly kind: 'server' | 'client' | 'consumer';
  readonly trace: TraceContext;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** Takes a span that has ended; must neither throw nor wait. */
export type RecordSpan = (span: Span) => void;
