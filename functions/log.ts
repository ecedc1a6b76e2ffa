import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import type { ChangeScope } from '../shared/audit/journal.ts';
import type { Log, LogFields } from '../shared/log.ts';
import { type TraceContext, toTraceContext } from '../shared/telemetry/trace-context.ts';
import type { Origin } from '../shared/telemetry/tracer.ts';

/** A log whose lines carry the invocation that they belong to. */
export interface InvocationLog extends Log {
  /** Runs `work` so that everything it logs and sends belongs to the invocation. */
  within<T>(context: InvocationContext, work: () => T): T;
  /** What was noted in the current invocation. */
  notes(): LogFields;
  /** What requests to others are sent on behalf of; `undefined` outside of invocations. */
  findOrigin(): Origin | undefined;
  /**
   * What the current invocation has changed and not recorded yet; `undefined` outside of
   * invocations.
   */
  findScope(): ChangeScope | undefined;
  /** Whether something of that waits. */
  hasChanges(): boolean;
}

interface Invocation {
  readonly context: InvocationContext;
  readonly notes: Record<string, LogFields[string]>;
  /** Made when it is asked for: a cached token needs none. */
  trace: TraceContext | undefined;
  /** Made when something changes. */
  pending: ChangeScope['pending'] | undefined;
}

/** Creates the log: one JSON object a line, through the invocation where there is one. */
export function createInvocationLog(): InvocationLog {
  const current = new AsyncLocalStorage<Invocation>();
  const findOrigin = () => toOrigin(current.getStore());
  const toLine = (event: string, fields: LogFields | undefined) => {
    const origin = findOrigin();
    const ids = { correlation_id: origin?.correlationId, trace_id: origin?.trace.traceId };
    return JSON.stringify({ event, ...fields, ...ids });
  };
  const target = () => current.getStore()?.context ?? console;
  return {
    within: (context, work) =>
      current.run({ context, notes: {}, trace: undefined, pending: undefined }, work),
    notes: () => current.getStore()?.notes ?? {},
    findOrigin,
    findScope: () => toScope(current.getStore()),
    hasChanges: () => (current.getStore()?.pending?.length ?? 0) > 0,
    info: (event, fields) => target().info(toLine(event, fields)),
    warn: (event, fields) => target().warn(toLine(event, fields)),
    error: (event, fields) => target().error(toLine(event, fields)),
    note(fields) {
      const invocation = current.getStore();
      if (invocation) Object.assign(invocation.notes, fields);
    },
  };
}

/** On whose behalf an invocation changes something: its caller's, or the broker's. */
function toScope(invocation: Invocation | undefined): ChangeScope | undefined {
  if (!invocation) return undefined;
  const { caller } = invocation.notes;
  invocation.pending ??= [];
  return {
    actor: typeof caller === 'string' ? caller : undefined,
    correlationId: invocation.context.invocationId,
    pending: invocation.pending,
  };
}

/** The host hands over the caller's trace context, or its own where there is none. */
function toOrigin(invocation: Invocation | undefined): Origin | undefined {
  if (!invocation) return undefined;
  const { invocationId, traceContext } = invocation.context;
  const { traceParent, traceState } = traceContext ?? {};
  invocation.trace ??= toTraceContext(traceParent ?? undefined, traceState ?? undefined);
  return { trace: invocation.trace, correlationId: invocationId };
}
