import { parseArgs } from 'node:util';
import { CLIENT_CREDENTIALS, type ClientCredentialKind } from '../../shared/config.ts';
import { wrapText } from './wrap-text.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly port: number;
  readonly microsoftPort: number;
  /** `undefined`: no TLS. */
  readonly tlsPort: number | undefined;
  readonly credential: ClientCredentialKind;
  readonly customers: number;
  readonly persist: boolean;
  readonly verbose: boolean;
  readonly help: boolean;
}

/** An argument that can't be used; the message is one sentence for people. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An option on the command line, as the help shows it. */
interface Option {
  readonly type: 'string' | 'boolean';
  readonly default?: string;
  readonly value?: string;
  readonly description: string;
}

const MAX_CUSTOMERS = 500;
const MAX_PORT = 65_535;

const OPTIONS = {
  port: {
    ...{ type: 'string', default: '7071', value: 'port' },
    description: 'Port of the broker and its console (7071).',
  },
  'microsoft-port': {
    ...{ type: 'string', default: '7072', value: 'port' },
    description: 'Port of the stand-ins for Microsoft (7072).',
  },
  customers: {
    ...{ type: 'string', default: '6', value: 'number' },
    description: `How many customers there are (6): up to ${MAX_CUSTOMERS}, in mixed states.`,
  },
  persist: {
    type: 'boolean',
    description: 'Keep everything in .sandbox/ for the next start; delete it to begin anew.',
  },
  credential: {
    ...{ type: 'string', default: 'secret', value: 'kind' },
    description: `How the broker proves itself to Entra: ${CLIENT_CREDENTIALS.join(', ')}.`,
  },
  tls: {
    type: 'boolean',
    description: 'Serve TLS too, by an authority of its own, for clients that want https.',
  },
  'tls-port': {
    ...{ type: 'string', default: '7443', value: 'port' },
    description: 'Port of TLS (7443).',
  },
  verbose: { type: 'boolean', description: 'Print the whole log of the host and the app.' },
  help: { type: 'boolean', description: 'Show this text.' },
} as const satisfies Readonly<Record<string, Option>>;

const WIDTH = 80;
const DESCRIPTION_AT = 26;

/** The text of `npm start -- --help`. */
export function formatHelp(): string {
  const lines = Object.entries<Option>(OPTIONS).flatMap(([name, { value, description }]) => {
    const usage = `--${name}${value === undefined ? '' : ` <${value}>`}`;
    const [first = '', ...rest] = wrapText(description, WIDTH - DESCRIPTION_AT);
    const more = rest.map((line) => `${' '.repeat(DESCRIPTION_AT)}${line}`);
    return [`  ${usage.padEnd(DESCRIPTION_AT - 2)}${first}`, ...more];
  });
  return `npm start               runs the broker with stand-ins for Microsoft
npm start -- <options>  the same, with options

${lines.join('\n')}

Storage is a real Azurite on free ports. Ctrl+C stops everything. DEBUG=1 shows
where an error comes from.
`;
}

/** Reads the arguments; throws a UsageError that names the one at fault. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  const values = readValues(args);
  return {
    port: toNumber('port', values.port, MAX_PORT),
    microsoftPort: toNumber('microsoft-port', values['microsoft-port'], MAX_PORT),
    tlsPort: values.tls ? toNumber('tls-port', values['tls-port'], MAX_PORT) : undefined,
    customers: toNumber('customers', values.customers, MAX_CUSTOMERS),
    credential: toCredential(values.credential),
    persist: values.persist ?? false,
    verbose: values.verbose ?? false,
    help: values.help ?? false,
  };
}

function readValues(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const [reason = ''] = cause instanceof Error ? cause.message.split('. ') : [String(cause)];
    throw new UsageError(`${reason}: npm start -- --help lists the options.`, { cause });
  }
}

function toNumber(name: string, text: string, max: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  throw new UsageError(`--${name} must be a number from 1 to ${max}, not "${text}".`);
}

function toCredential(text: string): ClientCredentialKind {
  const kind = CLIENT_CREDENTIALS.find((known) => known === text);
  if (kind) return kind;
  throw new UsageError(
    `--credential must be one of ${CLIENT_CREDENTIALS.join(', ')}, not "${text}".`,
  );
}
