import type { Named } from './syntax.ts';

/** The name of a column that was not given one: what it is made of, or its place. */
export function toColumnName({ name, of }: Named, place: number): string {
  if (name !== undefined) return name;
  if (of.kind === 'name') return of.name;
  if (of.kind === 'member') return of.name;
  const [first] = of.kind === 'call' ? of.args : [];
  // `bin(Timestamp, 1h)` goes on being called Timestamp.
  if (of.kind === 'call' && first?.kind === 'name') return first.name;
  return `Column${place + 1}`;
}
