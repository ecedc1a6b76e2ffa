import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const HOUR_MS = 60 * 60_000;

// .NET's TimeSpan: hours below 24, days before a point, fractions of a second after one.
const TIME_SPAN = /^(?:(\d+)\.)?([01]?\d|2[0-3]):([0-5]?\d):([0-5]?\d(?:\.\d{1,7})?)$/;

const timeSpan = v.pipe(
  v.string(),
  v.regex(TIME_SPAN, 'must be a time span such as 00:00:30'),
  v.transform(toMilliseconds),
);
// The host reads every value as text first.
const wholeNumber = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/, 'must be a whole number'))]),
  v.transform(Number),
  v.integer('must be a whole number'),
);
const queuesSchema = v.pipe(
  v.object({
    batchSize: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(32)), 16),
    newBatchThreshold: v.optional(v.pipe(wholeNumber, v.minValue(0))),
    maxDequeueCount: v.optional(v.pipe(wholeNumber, v.minValue(1)), 5),
    visibilityTimeout: v.optional(timeSpan, '00:00:00'),
    maxPollingInterval: v.optional(v.pipe(timeSpan, v.minValue(100)), '00:01:00'),
    messageEncoding: v.optional(
      v.pipe(v.string(), v.toLowerCase(), v.picklist(['base64', 'none'])),
      'base64',
    ),
  }),
  v.transform(({ newBatchThreshold, visibilityTimeout, maxPollingInterval, ...queues }) => ({
    ...queues,
    newBatchThreshold: newBatchThreshold ?? Math.floor(queues.batchSize / 2),
    visibilityTimeoutMs: visibilityTimeout,
    maxPollingIntervalMs: maxPollingInterval,
  })),
);
const routePrefix = v.pipe(v.union([v.string(), v.number()]), v.transform(String));
const httpSchema = v.object({ routePrefix: v.optional(routePrefix, 'api') });
const hostSchema = v.object({
  version: v.literal('2.0'),
  functionTimeout: v.optional(v.union([v.literal('-1'), timeSpan])),
  extensions: v.optional(
    v.object({ http: v.optional(httpSchema, {}), queues: v.optional(queuesSchema, {}) }),
    {},
  ),
});

/** The queue part of host.json with the host's defaults filled in. */
export type QueueOptions = Readonly<v.InferOutput<typeof queuesSchema>>;

/** What this host honours of host.json. */
export interface HostJson {
  readonly routePrefix: string;
  readonly queues: QueueOptions;
}

/**
 * host.json can't be used; the real host then starts all the same, and answers 503 to everything.
 */
export class HostJsonError extends Error {
  override readonly name = 'HostJsonError';
}

/**
 * Reads host.json from the app's folder; throws a HostJsonError naming the file and the field at
 * fault.
 */
export async function readHostJson(appRoot: string): Promise<HostJson> {
  const file = join(appRoot, 'host.json');
  const result = v.safeParse(hostSchema, parseJson(file, await readFile(file, 'utf8')));
  if (!result.success) throw new HostJsonError(`${file}: ${v.summarize(result.issues)}`);
  const { http, queues } = result.output.extensions;
  return { routePrefix: http.routePrefix, queues };
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HostJsonError(`${file} is not JSON.`, { cause });
  }
}

function toMilliseconds(text: string): number {
  const [, days = 0, ...time] = TIME_SPAN.exec(text) ?? [];
  const [hours = 0, minutes = 0, seconds = 0] = time.map(Number);
  return (Number(days) * 24 + hours) * HOUR_MS + (minutes * 60 + seconds) * 1000;
}
