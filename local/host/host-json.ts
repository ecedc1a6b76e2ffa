import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';

const timeSpan = v.pipe(
  v.string(),
  v.regex(/^(\d+\.)?\d{1,2}:\d{2}:\d{2}$/, 'must be a time span such as 00:00:30'),
  v.transform(toMilliseconds),
);
const queuesSchema = v.pipe(
  v.object({
    batchSize: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(32)), 16),
    newBatchThreshold: v.optional(v.pipe(v.number(), v.minValue(0))),
    maxDequeueCount: v.optional(v.pipe(v.number(), v.minValue(1)), 5),
    visibilityTimeout: v.optional(timeSpan, '00:00:00'),
    maxPollingInterval: v.optional(timeSpan, '00:01:00'),
    messageEncoding: v.optional(v.picklist(['base64', 'none']), 'base64'),
  }),
  v.transform(({ newBatchThreshold, visibilityTimeout, maxPollingInterval, ...queues }) => ({
    ...queues,
    newBatchThreshold: newBatchThreshold ?? Math.floor(queues.batchSize / 2),
    visibilityTimeoutMs: visibilityTimeout,
    maxPollingIntervalMs: maxPollingInterval,
  })),
);
const httpSchema = v.object({ routePrefix: v.optional(v.string(), 'api') });
const hostSchema = v.object({
  version: v.literal('2.0'),
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

/** Reads host.json from the app's folder; throws naming the file and the field at fault. */
export async function readHostJson(appRoot: string): Promise<HostJson> {
  const file = join(appRoot, 'host.json');
  const result = v.safeParse(hostSchema, JSON.parse(await readFile(file, 'utf8')));
  if (!result.success) throw new Error(`${file}: ${v.summarize(result.issues)}`);
  const { http, queues } = result.output.extensions;
  return { routePrefix: http.routePrefix, queues };
}

function toMilliseconds(text: string): number {
  const [seconds = 0, minutes = 0, hours = 0, days = 0] = text.split(/[.:]/).map(Number).reverse();
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
