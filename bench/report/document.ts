import type { Finished } from './finished.ts';
import type { Machine } from './machine.ts';
import type { Row } from './row.ts';
import { SECTIONS } from './sections.ts';
import { toCells } from './table.ts';

const BEGIN = '<!-- Made by `npm run bench -- --write`; change nothing below by hand. -->';
const HEADER = [
  '| what | measured | beside it, in the same run | ratio | bar | holds |',
  '|---|---|---|---|---|---|',
];

/** One run of the benchmarks, as the document tells it. */
export interface Run {
  readonly startedAt: Date;
  readonly machine: Machine;
  readonly flags: readonly string[];
  readonly finished: readonly Finished[];
}

/**
 * The document with the tables of a run in the place of those that it has; sections that the run
 * left out stay.
 */
export function writeDocument(document: string, run: Run): string {
  const [prose = '', tables = ''] = document.split(BEGIN);
  const kept = tables.split(/^(?=## )/m).slice(1);
  const sections = Object.entries(SECTIONS).flatMap(([name, title]) => {
    const finished = run.finished.find((section) => section.name === name);
    const old = kept.find((section) => section.startsWith(`## ${title}\n`));
    return finished ? [toSection(finished, run)] : old ? [old.trimEnd()] : [];
  });
  return `${[prose.trimEnd(), BEGIN, ...sections].join('\n\n')}\n`;
}

/**
 * How the rows of the document and those of a run differ. Numbers are of no account: a quick run
 * has the same rows with smaller sizes.
 */
export function compareDocument(document: string, rows: readonly Row[]) {
  const [, tables = ''] = document.split(BEGIN);
  const written = new Set([...tables.matchAll(/^\| (.+?) \|/gm)].map(([, name = '']) => name));
  for (const cell of ['what', '---']) written.delete(cell);
  const made = new Map(rows.map(({ what }) => [toName(escapeCell(what)), what]));
  const known = new Set([...written].map(toName));
  return {
    handMade: [...written].filter((name) => !made.has(toName(name))),
    missing: [...made].filter(([name]) => !known.has(name)).map(([, what]) => what),
  };
}

function toName(what: string): string {
  return what.replaceAll(/\d[\d.,]*/g, '#');
}

function toSection({ name, result, error }: Finished, run: Run): string {
  const rows = result?.rows ?? [];
  const parts = error
    ? [`It broke down: ${error}`]
    : [[...HEADER, ...rows.map(toLine)].join('\n'), (result?.notes ?? []).join(' ')];
  const limits = rows.filter(({ limit }) => limit !== undefined).map(toLimit);
  return [`## ${SECTIONS[name]}`, toOrigin(name, run), ...parts, ...limits].join('\n\n');
}

function toOrigin(name: string, { startedAt, machine, flags }: Run): string {
  const command = ['npm run bench --', ...flags, '--only', name].join(' ');
  const day = startedAt.toISOString().slice(0, 10);
  return `\`${command}\` on ${day}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}.`;
}

function toLine(row: Row): string {
  const cells = toCells(row, '**no**');
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

function toLimit({ what, limit }: Row): string {
  return `*${what}*: ${limit}`;
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
