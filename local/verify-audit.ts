import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import {
  type ExportReport,
  type KnownPlace,
  parseExport,
  parseLogLines,
  verifyExport,
} from './audit/verify-export.ts';

const HELP = `npm run verify-audit -- FILE…                    verifies an export of the audit events
npm run verify-audit -- FILE… --log LOG           and that every event of the broker's log is in it
npm run verify-audit -- FILE… --expect 42:HASH    and that event 42 has this hash

A FILE holds pages of GET /api/audit/acts, or one event a line. LOG holds lines of the broker's log, one JSON a line;
those with the event audit.recorded count. No key is needed. The exit code is 0 when the chain holds and nothing is missing.
`;

/** `npm run verify-audit`. */
async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      log: { type: 'string', multiple: true, default: [] },
      expect: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return values.help ? 0 : 2;
  }
  const exports = await Promise.all(positionals.map(read));
  const parsed = exports.map(parseExport);
  const logged = (await Promise.all(values.log.map(read))).flatMap(parseLogLines);
  const known = [...parsed.flatMap(({ heads }) => heads), ...logged, ...values.expect.map(toPlace)];
  const report = verifyExport(
    parsed.flatMap(({ events }) => events),
    known,
  );
  process.stdout.write(`${toText(report)}\n`);
  return report.count > 0 && !report.problem && report.missing.length === 0 ? 0 : 1;
}

async function read(path: string): Promise<string> {
  return await readFile(path, 'utf8');
}

function toPlace(text: string): KnownPlace {
  const [sequence = '', hash = ''] = text.split(':');
  if (!/^\d+$/.test(sequence) || hash === '') throw new Error(`--expect ${text}: use NUMBER:HASH.`);
  return { sequence: Number(sequence), hash };
}

function toText({ count, first, last, problem, missing }: ExportReport): string {
  if (first === undefined || !last) return 'There are no events in it.';
  return [
    `${count} events, ${first} to ${last.sequence}; the last hash is ${last.hash}.`,
    problem
      ? `The chain DOES NOT HOLD: ${problem.problem} at event ${problem.sequence}.`
      : 'The chain holds.',
    ...missing.map(({ sequence, hash }) => `Event ${sequence} is MISSING or not ${hash}.`),
  ].join('\n');
}

process.exitCode = await main();
