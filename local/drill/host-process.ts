import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { startFunctionsHost } from '../host/functions-host.ts';

/**
 * What a drill asks of a broker's process; each is answered with `{ done }` and perhaps a problem.
 */
const orderSchema = v.variant('order', [
  v.object({ order: v.literal('run'), id: v.number(), timer: v.string() }),
  v.object({ order: v.literal('drain'), id: v.number() }),
]);

const { values } = parseArgs({ options: { app: { type: 'string' }, port: { type: 'string' } } });
const host = await startFunctionsHost({
  appRoot: values.app ?? '.',
  port: Number(values.port),
  settings: v.parse(v.record(v.string(), v.string()), process.env),
  timers: false,
  log: ({ message }) => process.send?.({ log: message }),
});

process.on('message', (message) => {
  const parsed = v.safeParse(orderSchema, message);
  if (parsed.success) void obey(parsed.output);
});
// A forked host goes when its parent does.
process.once('disconnect', () => process.exit());
process.send?.({ url: host.url });

async function obey(order: v.InferOutput<typeof orderSchema>): Promise<void> {
  try {
    await (order.order === 'run' ? host.runFunction(order.timer) : host.drainQueues());
    process.send?.({ done: order.id });
  } catch (error) {
    process.send?.({ done: order.id, problem: String(error) });
  }
}
