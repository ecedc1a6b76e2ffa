import { OPERATORS, operatorIdOf, type Partner } from '../sandbox/partner.ts';
import type { Names } from './event-sentences.ts';

/** Finds the names of customers, tools and operators, which the log knows by id only. */
export function createNames({ directory, tools }: Partner): Names {
  const callers = new Map<unknown, string>([
    ...Object.entries(tools).map(([name, { clientId }]) => [clientId, `The ${name}`] as const),
    ...Object.keys(OPERATORS).map((name) => [operatorIdOf(name), name] as const),
  ]);
  return {
    tenant: (id) => directory.tenants.get(String(id))?.displayName ?? `tenant ${id}`,
    caller: (id) => callers.get(id) ?? (id === undefined ? 'Somebody' : `Caller ${id}`),
  };
}
