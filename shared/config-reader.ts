import { findGuid } from './guid.ts';

/** The environment of the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads settings one by one and notes what is wrong with them. */
export type Reader = ReturnType<typeof createReader>;

/** Creates a reader; `problems` names every setting that is wrong, never a value. */
export function createReader(env: Environment) {
  const { problems, optional, text, check } = createTextReader(env);
  const checked = (name: string, rule: Rule, fallback?: string): string =>
    check(name, text(name, fallback), rule) ?? '';
  return {
    problems,
    optional,
    text,
    label: (name: string) =>
      check(name, optional(name), [findLabel, 'one line of at most 200 characters']),
    link: (name: string) => check(name, optional(name), [findSafeLink, 'an https URL']),
    guid: (name: string) => checked(name, [findGuid, 'a GUID']),
    url: (name: string, fallback?: string) =>
      checked(name, [findSafeOrigin, 'an https URL (http only on loopback)'], fallback),
    schedule: (name: string) => checked(name, [findSchedule, 'a schedule of five or six fields']),
    days: (name: string, fallback: string, least = 1) => {
      const find = (value: string) => findDays(value, least);
      return Number(checked(name, [find, `a number of days from ${least} to 3650`], fallback));
    },
    count: (name: string, fallback: string) =>
      Number(checked(name, [findCount, 'a whole number from 1 to 100'], fallback)),
    seconds: (name: string, fallback: string) =>
      Number(checked(name, [findSeconds, 'a number of seconds from 2 to 86400'], fallback)),
    choice: <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
      const value = text(name, fallback);
      const chosen = choices.find((choice) => choice === value);
      if (!chosen) problems.push(`${name} must be one of ${choices.join(', ')}.`);
      return chosen ?? fallback;
    },
  };
}

/** What finds a good value in a text, and how it is described. */
type Rule = readonly [find: (value: string) => string | undefined, must: string];

function createTextReader(env: Environment) {
  const problems: string[] = [];
  const optional = (name: string): string | undefined => {
    const value = env[name]?.trim();
    if (!value?.startsWith('@Microsoft.KeyVault(')) return value || undefined;
    problems.push(`${name} is a Key Vault reference that the platform did not resolve.`);
    return undefined;
  };
  const text = (name: string, fallback?: string): string => {
    const before = problems.length;
    const value = optional(name) ?? fallback;
    if (value !== undefined) return value;
    if (problems.length === before) problems.push(`${name} is missing.`);
    return '';
  };
  const check = (name: string, value: string | undefined, [find, must]: Rule) => {
    if (!value) return undefined;
    const good = find(value);
    if (!good) problems.push(`${name} must be ${must}.`);
    return good;
  };
  return { problems, optional, text, check };
}

/** A name or an address that a page can show. */
function findLabel(value: string): string | undefined {
  return value.length <= 200 && !/\p{Cc}/u.test(value) ? value : undefined;
}

/** A page that people are sent to. */
function findSafeLink(value: string): string | undefined {
  const url = URL.parse(value);
  return url?.protocol === 'https:' && !url.username && value.length <= 500 ? value : undefined;
}

/** NCRONTAB, as far as it can be told by its looks. */
function findSchedule(value: string): string | undefined {
  return /^[\d*/,a-z-]+( +[\d*/,a-z-]+){4,5}$/i.test(value) ? value : undefined;
}

/** A time between two runs: what runs more often than the timer would never be in time. */
function findSeconds(value: string): string | undefined {
  return /^\d{1,5}$/.test(value) && Number(value) >= 2 && Number(value) <= 86_400
    ? value
    : undefined;
}

/** How many of something there may be at a time. */
function findCount(value: string): string | undefined {
  return /^[1-9]\d{0,2}$/.test(value) && Number(value) <= 100 ? value : undefined;
}

/** A count of days that a retention may have. */
function findDays(value: string, least: number): string | undefined {
  const isWhole = /^[1-9]\d{0,3}$/.test(value);
  return isWhole && Number(value) >= least && Number(value) <= 3650 ? value : undefined;
}

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Whether a URL is of this machine: what is only a sandbox may be found there. */
export function isLoopback(url: string): boolean {
  return LOOPBACK.has(new URL(url).hostname);
}

/** The URL without a trailing slash, if what is sent to it can't be read on the way. */
function findSafeOrigin(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || url.username || url.search || url.hash) return undefined;
  const safe =
    url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
  return safe ? value.replace(/\/+$/, '') : undefined;
}
