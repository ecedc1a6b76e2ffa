import type { Expression } from './syntax.ts';
import type { Relation, Row } from './value.ts';

const FIRST = -(2n ** 62n);
const LAST = 2n ** 62n;

/**
 * The rows that a condition on time lets through, and perhaps some more: a large table is not read
 * for an hour of it.
 */
export function narrow({ rows, within }: Relation, condition: Expression): Iterable<Row> {
  if (!within) return rows;
  const bounds = listConjuncts(condition).map(toBounds);
  const from = bounds.reduce((most, [one]) => (one > most ? one : most), FIRST);
  const to = bounds.reduce((least, [, other]) => (other < least ? other : least), LAST);
  return from === FIRST && to === LAST ? rows : within(from, to);
}

function listConjuncts(of: Expression): readonly Expression[] {
  if (of.kind !== 'binary' || of.operator !== 'and') return [of];
  return [...listConjuncts(of.left), ...listConjuncts(of.right)];
}

/** `Timestamp >= datetime(…)`, or the like with a time that is written out. */
function toBounds(of: Expression): readonly [from: bigint, to: bigint] {
  if (of.kind !== 'binary' || of.left.kind !== 'name' || of.left.name !== 'Timestamp') {
    return [FIRST, LAST];
  }
  const { right, operator } = of;
  if (right.kind !== 'literal' || typeof right.value !== 'bigint') return [FIRST, LAST];
  if (operator === '>=' || operator === '>') return [right.value, LAST];
  return operator === '<' || operator === '<=' ? [FIRST, right.value + 1n] : [FIRST, LAST];
}
