import { createHash } from 'node:crypto';

/** Repeatable randomness: the same seed gives the same sequence. */
export interface Random {
  /** A whole number from 0 to below `limit`. */
  readonly below: (limit: number) => number;
  /** One of the values; an empty list is an error. */
  readonly pick: <T>(values: readonly T[]) => T;
  /** So many lower-case hexadecimal digits, up to 64. */
  readonly hex: (length: number) => string;
}

/** Starts a sequence from a seed. */
export function createRandom(seed: string): Random {
  let pool = digest(seed);
  let used = 0;
  const next = (bytes: number): Buffer => {
    if (used + bytes > pool.length) {
      pool = digest(pool);
      used = 0;
    }
    used += bytes;
    return pool.subarray(used - bytes, used);
  };
  const below = (limit: number) => next(4).readUInt32BE() % limit;
  return {
    below,
    pick(values) {
      const [value] = values.slice(below(values.length));
      if (value === undefined) throw new Error('There is nothing to pick from.');
      return value;
    },
    hex: (length) =>
      next(Math.ceil(length / 2))
        .toString('hex')
        .slice(0, length),
  };
}

/** A GUID from a sequence. */
export function toGuid({ hex }: Random): string {
  return hex(32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** A number that says nothing about its text's order. */
export function toShuffledRank(text: string): number {
  return digest(text).readUInt32BE(0);
}

function digest(seed: string | Buffer): Buffer {
  return createHash('sha256').update(seed).digest();
}
