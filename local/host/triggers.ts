import * as v from 'valibot';
import { resolveSettings, type Settings } from './settings.ts';
import type { RegisteredFunction } from './worker/contract.ts';

const httpSchema = v.object({
  type: v.literal('httpTrigger'),
  route: v.optional(v.string()),
  methods: v.array(v.pipe(v.string(), v.toUpperCase())),
  authLevel: v.picklist(['anonymous', 'function', 'admin']),
});
const timerSchema = v.object({
  type: v.literal('timerTrigger'),
  schedule: v.string(),
  runOnStartup: v.optional(v.boolean(), false),
});
const queueSchema = v.object({
  type: v.literal('queueTrigger'),
  queueName: v.string(),
  connection: v.string(),
});
const triggerSchema = v.variant('type', [httpSchema, timerSchema, queueSchema]);

interface Named {
  readonly name: string;
  readonly registered: RegisteredFunction;
}

/**
 * A function that answers HTTP; its route has no prefix, and is the function's name where none is
 * given.
 */
export type HttpFunction = Named & Readonly<v.InferOutput<typeof httpSchema> & { route: string }>;
/** A function that runs on a schedule. */
export type TimerFunction = Named & Readonly<v.InferOutput<typeof timerSchema>>;
/** A function that takes messages from a queue. */
export type QueueFunction = Named & Readonly<v.InferOutput<typeof queueSchema>>;
/** A registered function with its trigger, settings resolved. */
export type TriggeredFunction = HttpFunction | TimerFunction | QueueFunction;

/** Reads what starts a function from its bindings; throws on triggers this host does not have. */
export function parseTrigger(
  registered: RegisteredFunction,
  settings: Settings,
): TriggeredFunction {
  const { name, bindings } = registered.metadata;
  const result = v.safeParse(triggerSchema, Object.values(bindings)[0]);
  if (!result.success) throw new Error(`Function '${name}': ${v.summarize(result.issues)}`);
  const trigger = result.output;
  switch (trigger.type) {
    case 'httpTrigger': {
      const route = resolveSettings(trigger.route || name, settings);
      return { ...trigger, name, registered, route };
    }
    case 'timerTrigger': {
      const schedule = resolveSettings(trigger.schedule, settings);
      return { ...trigger, name, registered, schedule };
    }
    case 'queueTrigger': {
      const queueName = resolveSettings(trigger.queueName, settings);
      return { ...trigger, name, registered, queueName };
    }
  }
}
