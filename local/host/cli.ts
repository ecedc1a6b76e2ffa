import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import type { FunctionInfo } from './admin-api.ts';
import { startFunctionsHost } from './functions-host.ts';
import type { HostLogEntry } from './host-log.ts';
import type { Settings } from './settings.ts';

const settingsSchema = v.record(v.string(), v.string());
const fileSchema = v.object({ Values: settingsSchema });
const { values: args } = parseArgs({
  options: {
    app: { type: 'string', default: '.' },
    port: { type: 'string', default: '7071' },
    settings: { type: 'string' },
    'master-key': { type: 'string' },
  },
});

const host = await startFunctionsHost({
  appRoot: args.app,
  port: Number(args.port),
  settings: await readSettings(args.settings),
  ...(args['master-key'] !== undefined && { masterKey: args['master-key'] }),
  log: printEntry,
});
print(`\nFunctions:\n\n${host.functions.map((fn) => `\t${describe(fn, host.url)}\n`).join('\n')}`);
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
// A forked host goes when its parent does.
process.once('disconnect', stop);
process.send?.({ url: host.url });

function stop(): void {
  host.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      print(`The host did not stop cleanly: ${String(error)}`);
      process.exit(1);
    },
  );
}

async function readSettings(file: string | undefined): Promise<Settings> {
  if (file) return v.parse(fileSchema, JSON.parse(await readFile(file, 'utf8'))).Values;
  return v.parse(settingsSchema, process.env);
}

function describe(fn: FunctionInfo, url: string): string {
  if (fn.type !== 'httpTrigger') return `${fn.name}: ${fn.type}`;
  return `${fn.name}: [${fn.methods?.join(',')}] ${url}/${fn.route}`;
}

function printEntry({ time, level, category, message }: HostLogEntry): void {
  print(`[${new Date(time).toISOString()}] ${level} ${category}: ${message}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
