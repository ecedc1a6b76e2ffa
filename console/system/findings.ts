import type { Overview } from '../../docs/client/broker-api.ts';

/** What a check found: its own fields differ from check to check. */
export type Check = NonNullable<Overview['health']['checks']>[string];

/** A whole number that a check found. */
export function readNumber(check: Check | undefined, name: string): number | undefined {
  const value = check?.[name];
  return typeof value === 'number' ? value : undefined;
}

/** A text that a check found. */
export function readText(check: Check | undefined, name: string): string | undefined {
  const value = check?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** A list of records that a check found; `undefined`: it found none such. */
export function readRecords(
  check: Check | undefined,
  name: string,
): readonly Readonly<Record<string, unknown>>[] | undefined {
  const value = check?.[name];
  return Array.isArray(value) ? value.filter(isRecord) : undefined;
}

/** One record that a check found. */
export function readRecord(
  check: Check | undefined,
  name: string,
): Readonly<Record<string, unknown>> | undefined {
  const value = check?.[name];
  return isRecord(value) ? value : undefined;
}

/** Records by name that a check found. */
export function readNamedRecords(
  check: Check | undefined,
  name: string,
): readonly (readonly [name: string, record: Readonly<Record<string, unknown>>])[] {
  const value = check?.[name];
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, record]) =>
    isRecord(record) ? [[key, record] as const] : [],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
