import { AsyncLocalStorage } from 'node:async_hooks';
import type { InvocationContext } from '@azure/functions';
import type { Log, LogFields } from '../shared/log.ts';

/** A log whose lines carry the invocation that they belong to. */
export interface InvocationLog extends Log {
  /** Runs `work` so that everything it logs belongs to the invocation. */
  within<T>(context: InvocationContext, work: () => T): T;
}

/** Creates the log: one JSON object a line, through the invocation where there is one. */
export function createInvocationLog(): InvocationLog {
  const current = new AsyncLocalStorage<InvocationContext>();
  const toLine = (event: string, fields: LogFields | undefined) =>
    JSON.stringify({ event, ...fields, correlation_id: current.getStore()?.invocationId });
  const target = () => current.getStore() ?? console;
  return {
    within: (context, work) => current.run(context, work),
    info: (event, fields) => target().info(toLine(event, fields)),
    warn: (event, fields) => target().warn(toLine(event, fields)),
    error: (event, fields) => target().error(toLine(event, fields)),
  };
}
