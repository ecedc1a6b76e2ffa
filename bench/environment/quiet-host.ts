import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { startFunctionsHost } from '../../local/host/functions-host.ts';

// A host that writes no log: writing costs every handler the same and would hide what they differ
// in.
const { values } = parseArgs({
  options: { app: { type: 'string', default: '.' }, port: { type: 'string', default: '0' } },
});
const host = await startFunctionsHost({
  appRoot: values.app,
  port: Number(values.port),
  settings: v.parse(v.record(v.string(), v.string()), process.env),
});
process.once('disconnect', () => process.exit());
process.send?.({ url: host.url });
