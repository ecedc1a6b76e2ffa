import { parseArgs } from 'node:util';
import { buildApp } from './build.ts';
import {
  type DemoEnvironment,
  openPrivateEnvironment,
  openRunningEnvironment,
} from './demo/environment.ts';
import { runDemo } from './demo/run-demo.ts';
import { listenForTheEnd } from './terminal/end-signal.ts';

const HELP = `npm run demo                 the whole story in a sandbox of its own, on free ports
npm run demo -- --attach     the same in the sandbox that \`npm start\` runs

  --attach                 use a running sandbox; without it one is started, even if another runs
  --port 7071              the broker of the running sandbox
  --microsoft-port 7072    its stand-ins
  --help                   this text

A switch that was thrown in a running sandbox can make a step fail; the switch calm takes it back.
The exit code is 0 when every step held. DEBUG=1 shows where an error comes from.
`;

/** `npm run demo`. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      attach: { type: 'boolean', default: false },
      port: { type: 'string', default: '7071' },
      'microsoft-port': { type: 'string', default: '7072' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const signal = listenForTheEnd();
  await buildApp();
  const where = {
    brokerUrl: `http://127.0.0.1:${values.port}`,
    microsoftUrl: `http://127.0.0.1:${values['microsoft-port']}`,
  };
  return await runDemo({
    open: values.attach ? () => attach(where, signal) : startPrivate,
    write: (text) => process.stdout.write(text),
    writeError: (text) => process.stderr.write(text),
    signal,
  });
}

function attach(
  where: { readonly brokerUrl: string; readonly microsoftUrl: string },
  signal: AbortSignal,
): Promise<DemoEnvironment> {
  process.stdout.write(`Using the sandbox at ${where.brokerUrl}\n\n`);
  return openRunningEnvironment(where, signal);
}

async function startPrivate(): Promise<DemoEnvironment> {
  process.stdout.write('Starting a private sandbox …');
  const environment = await openPrivateEnvironment();
  process.stdout.write(` ${environment.brokerUrl}\n\n`);
  return environment;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
