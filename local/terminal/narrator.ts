import * as v from 'valibot';
import type { HostLogEntry } from '../host/host-log.ts';
import {
  bad,
  type EventFields,
  good,
  type Names,
  SENTENCES,
  type Sentence,
  tellUnknown,
} from './event-sentences.ts';

/** Turns the log into sentences; `undefined`: a line that is not worth one. */
export type Narrate = (entry: HostLogEntry) => Sentence | undefined;

const lineSchema = v.looseObject({ event: v.string() });

/** The same sentence again within this time is left out: tools try again and again. */
const REPEAT_MS = 30_000;

/**
 * Creates the narrator of what is notable. It remembers which customers' incidents can't be read.
 */
export function createNarrator({
  names,
  now = Date.now,
}: {
  readonly names: Names;
  readonly now?: () => number;
}): Narrate {
  const tellSync = createSyncTeller(names);
  const toldAt = new Map<string, number>();
  const isNews = ({ text }: Sentence) => {
    const isRepeated = now() - (toldAt.get(text) ?? Number.NEGATIVE_INFINITY) < REPEAT_MS;
    toldAt.set(text, now());
    return !isRepeated;
  };
  return (entry) => {
    const line = parseLine(entry.message);
    const sentence = line ? tellEvent(line, entry) : tellHost(entry);
    return sentence && isNews(sentence) ? sentence : undefined;
  };

  function tellEvent(
    { event, ...fields }: v.InferOutput<typeof lineSchema>,
    { level }: HostLogEntry,
  ): Sentence | undefined {
    if (event.startsWith('sync.')) return tellSync(event, fields);
    const tell = SENTENCES[event];
    if (tell) return tell(fields, names);
    return isBad(level) ? tellUnknown(event, fields, names) : undefined;
  }
}

function parseLine(message: string) {
  if (!message.startsWith('{')) return undefined;
  try {
    return v.parse(lineSchema, JSON.parse(message));
  } catch {
    return undefined;
  }
}

/** What the host says of an invocation that failed, the app has said in its own line. */
function tellHost({ level, category, message }: HostLogEntry): Sentence | undefined {
  const [first = ''] = message.split('\n', 1);
  return isBad(level) && !category.startsWith('Function.') ? bad(first) : undefined;
}

function isBad(level: HostLogEntry['level']): boolean {
  return level === 'warning' || level === 'error' || level === 'critical';
}

/** A customer's incidents are told when they can't be read any more, and when they can be again. */
function createSyncTeller(names: Names) {
  const failing = new Set<unknown>();
  return (event: string, fields: EventFields): Sentence | undefined => {
    const { tenant, problem, retry_in_seconds: seconds } = fields;
    if (event === 'sync.failed') {
      if (failing.has(tenant)) return undefined;
      failing.add(tenant);
      const retry = seconds === undefined ? '' : `; tried again in ${seconds} s`;
      return bad(`The incidents of ${names.tenant(tenant)} can't be read (${problem})${retry}.`);
    }
    if (event !== 'sync.tenant' || !failing.delete(tenant)) return undefined;
    return good(`The incidents of ${names.tenant(tenant)} can be read again.`);
  };
}
