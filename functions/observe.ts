import type { HttpHandler, HttpMethod, InvocationContext } from '@azure/functions';
import type { Exporter } from '../shared/telemetry/exporter.ts';
import type { Meter } from '../shared/telemetry/meter.ts';
import type { Span } from '../shared/telemetry/span.ts';
import { toOrigin } from './api.ts';
import type { InvocationLog } from './log.ts';

/** An HTTP function as its log line and its span name it. */
export interface Route {
  readonly name: string;
  readonly method: HttpMethod;
  readonly route: string;
}

/** Wraps functions, so that each invocation ends with its line, its span and, when it is time, the metrics. */
export interface Observe {
  http(route: Route, handler: HttpHandler): HttpHandler;
  run(
    work: { readonly name: string; readonly kind: 'timer' | 'queue' },
    context: InvocationContext,
    take: () => Promise<void>,
  ): Promise<void>;
  /** Writes and sends what was counted so far. */
  flush(): Promise<void>;
}

/** Asked for all the time: their success is counted and in the host's own requests, and gets a line only if it took a look outside. */
const QUIET = new Set(['issueToken', 'health', 'openApi']);

/** One line of metrics a minute and process; an instance that ends writes its last one on the way. */
const INTERVAL = 60_000;

/** What invocations are observed with. */
export interface ObserveParts {
  readonly log: InvocationLog;
  readonly meter: Meter;
  /** `undefined`: OpenTelemetry is off, or the app could not start yet. */
  readonly findExporter: () => Exporter | undefined;
  readonly now: () => number;
}

/** Creates the wrappers. Nothing runs between invocations, so whatever is due is done at the end of one. */
export function createObserve(parts: ObserveParts): Observe {
  const { log, now, findExporter } = parts;
  let flushAt = now() + INTERVAL;

  const flush = async () => {
    flushAt = now() + INTERVAL;
    writeMetrics(parts);
    await findExporter()?.flush();
  };

  return {
    http: (route, handler) => (request, context) =>
      log.within(context, async () => {
        const startedAt = now();
        const response = await answer(parts, { route, startedAt }, () => handler(request, context));
        if (now() >= flushAt) await flush();
        return response;
      }),
    run: (work, context, take) =>
      log.within(context, async () => {
        const startedAt = now();
        try {
          await take();
          endRun(parts, work, { startedAt });
        } catch (error) {
          endRun(parts, work, { startedAt, error });
          throw error;
        } finally {
          if (work.kind === 'timer' || now() >= flushAt) await flush();
        }
      }),
    flush,
  };
}

interface Call {
  readonly route: Route;
  readonly startedAt: number;
}

type Answer = Awaited<ReturnType<HttpHandler>>;

async function answer(
  parts: ObserveParts,
  call: Call,
  handle: () => ReturnType<HttpHandler>,
): Promise<Answer> {
  try {
    const response: Answer = await handle();
    endCall(parts, call, response.status ?? 200);
    return response;
  } catch (error) {
    parts.log.note(toOrigin(error));
    endCall(parts, call, 500);
    throw error;
  }
}

function endCall(parts: ObserveParts, call: Call, status: number): void {
  const { log, now } = parts;
  const { name, method, route } = call.route;
  const notes = log.notes();
  const fields = { route: name, status, duration_ms: now() - call.startedAt, ...notes };
  if (status >= 500) log.error('request.failed', fields);
  else if (status >= 400) log.info('request.refused', fields);
  else if (!QUIET.has(name) || 'source' in notes) log.info('request.completed', fields);
  record(parts, call.startedAt, {
    name: `${method} /api/${route}`,
    kind: 'server',
    failed: status >= 500,
    attributes: {
      'faas.name': name,
      'http.request.method': method,
      'http.route': `/api/${route}`,
      'http.response.status_code': status,
    },
  });
}

function endRun(
  parts: ObserveParts,
  { name, kind }: { readonly name: string; readonly kind: 'timer' | 'queue' },
  { startedAt, error }: { startedAt: number; error?: unknown },
): void {
  const { log, now } = parts;
  const fields = { function: name, kind, duration_ms: now() - startedAt, ...log.notes() };
  if (error === undefined) log.info('run.completed', fields);
  else log.error('run.failed', { ...fields, ...toOrigin(error) });
  record(parts, startedAt, {
    name,
    kind: 'consumer',
    failed: error !== undefined,
    attributes: { 'faas.name': name, 'faas.trigger': kind === 'timer' ? 'timer' : 'pubsub' },
  });
}

type Told = Pick<Span, 'name' | 'kind' | 'failed' | 'attributes'>;

function record({ log, now, findExporter }: ObserveParts, startedAt: number, told: Told): void {
  const exporter = findExporter();
  const origin = exporter && log.findOrigin();
  if (origin) exporter.record({ ...told, trace: origin.trace, startedAt, endedAt: now() });
}

function writeMetrics({ log, meter, findExporter }: ObserveParts): void {
  const readings = meter.take();
  if (readings.length === 0) return;
  const series = readings.map(({ name, value, attributes }) => ({ name, value, ...attributes }));
  log.info('metrics', { series });
  findExporter()?.add(readings);
}
