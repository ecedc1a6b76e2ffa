import type { HttpHandler, HttpMethod, InvocationContext } from '@azure/functions';
import type { Refusals } from '../shared/authority/refusals.ts';
import type { Exporter } from '../shared/telemetry/exporter.ts';
import type { Meter } from '../shared/telemetry/meter.ts';
import type { Span } from '../shared/telemetry/span.ts';
import { MINUTE } from '../shared/time.ts';
import { toOrigin } from './api.ts';
import type { InvocationLog } from './log.ts';
import { createRefusalPause } from './refusal-pause.ts';
import { createRepeatedRefusals } from './repeated-refusals.ts';

/** An HTTP function as its log line and its span name it. */
interface Route {
  readonly name: string;
  readonly method: HttpMethod;
  readonly route: string;
}

/**
 * Wraps functions, so that each invocation ends with its line, its span and, when it is time, the
 * metrics.
 */
interface Observe {
  http(route: Route, handler: HttpHandler): HttpHandler;
  run(
    work: { readonly name: string; readonly kind: 'timer' | 'queue' },
    context: InvocationContext,
    take: () => Promise<void>,
  ): Promise<void>;
  /** Writes and sends what was counted so far. */
  flush(): Promise<void>;
}

/**
 * Asked for all the time: their success is counted and in the host's own requests, and gets a line
 * only if it took a look outside.
 */
const QUIET = new Set(['issueToken', 'standardToken', 'standardTokenV1', 'health', 'openApi']);

/**
 * One line of metrics a minute and process; an instance that ends writes its last one on the way.
 */
const INTERVAL = MINUTE;

/** What invocations are observed with. */
interface ObserveParts {
  readonly log: InvocationLog;
  readonly meter: Meter;
  /** `undefined`: OpenTelemetry is off, or the app could not start yet. */
  readonly findExporter: () => Exporter | undefined;
  /**
   * Records what the invocation changed and nobody has recorded; `undefined`: nothing can have been
   * changed yet.
   */
  readonly findRecorder: () => (() => Promise<void>) | undefined;
  /** What this process refused; `undefined`: nothing can have been refused yet. */
  readonly findRefusals: () => Pick<Refusals, 'isDue' | 'share'> | undefined;
  readonly now: () => number;
}

/**
 * Creates the wrappers. Nothing runs between invocations, so whatever is due is done at the end of
 * one.
 */
export function createObserve(parts: ObserveParts): Observe {
  const { log, now, findExporter } = parts;
  const callParts = { ...parts, isRepeated: createRepeatedRefusals(parts) };
  const pauseRefusal = createRefusalPause();
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
        try {
          const response = await handler(request, context);
          await recordChanges(parts);
          const { isRepeated } = endCall(callParts, { route, startedAt }, response.status ?? 200);
          if (isRepeated) await pauseRefusal();
          return response;
        } catch (error) {
          log.note(toOrigin(error));
          endCall(callParts, { route, startedAt }, 500);
          throw error;
        } finally {
          if (now() >= flushAt) await flush();
        }
      }),
    run: (work, context, take) =>
      log.within(context, async () => {
        const startedAt = now();
        try {
          await take().finally(() => recordChanges(parts));
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

/** What can't be recorded now is recorded by whoever reads the row next. */
async function recordChanges({ log, findRecorder, findRefusals }: ObserveParts): Promise<void> {
  const refusals = findRefusals();
  if (refusals?.isDue) await refusals.share();
  if (!log.hasChanges()) return;
  try {
    await findRecorder()?.();
  } catch (error) {
    log.error('audit.not_recorded', toOrigin(error));
  }
}

interface Call {
  readonly route: Route;
  readonly startedAt: number;
}

/** What calls are observed with. */
interface CallParts extends ObserveParts {
  readonly isRepeated: ReturnType<typeof createRepeatedRefusals>;
}

/** Says whether it is a repeated refusal, which has no line. */
function endCall(parts: CallParts, call: Call, status: number): { readonly isRepeated: boolean } {
  const { name, method, route } = call.route;
  const isRepeated = status === 429 && parts.isRepeated(name, parts.log.notes());
  if (!isRepeated) writeCall(parts, call, status);
  record(parts, call.startedAt, () => ({
    name: `${method} /${route}`,
    kind: 'server',
    failed: status >= 500,
    attributes: {
      'faas.name': name,
      'http.request.method': method,
      'http.route': `/${route}`,
      'http.response.status_code': status,
    },
  }));
  return { isRepeated };
}

function writeCall({ log, now }: ObserveParts, { route, startedAt }: Call, status: number): void {
  const notes = log.notes();
  if (status < 400 && QUIET.has(route.name) && !('source' in notes)) return;
  const fields = { route: route.name, status, duration_ms: now() - startedAt, ...notes };
  if (status >= 500) log.error('request.failed', fields);
  else if (status >= 400) log.info('request.refused', fields);
  else log.info('request.completed', fields);
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
  record(parts, startedAt, () => ({
    name,
    kind: 'consumer',
    failed: error !== undefined,
    attributes: { 'faas.name': name, 'faas.trigger': kind === 'timer' ? 'timer' : 'pubsub' },
  }));
}

type SpanInput = Pick<Span, 'name' | 'kind' | 'failed' | 'attributes'>;

/** Nothing is put together while nobody listens. */
function record(
  { log, now, findExporter }: ObserveParts,
  startedAt: number,
  describe: () => SpanInput,
): void {
  const exporter = findExporter();
  const origin = exporter && log.findOrigin();
  if (origin) exporter.record({ ...describe(), trace: origin.trace, startedAt, endedAt: now() });
}

function writeMetrics({ log, meter, findExporter }: ObserveParts): void {
  const readings = meter.take();
  if (readings.length === 0) return;
  const series = readings.map(({ name, value, attributes }) => ({ name, value, ...attributes }));
  log.info('metrics', { series });
  findExporter()?.add(readings);
}
