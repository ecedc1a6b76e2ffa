/** The middle value: one disturbed round does not move it. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value below which that part of the values lies, by nearest rank. */
function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** One thing to be measured, a round at a time. */
export type Round = () => Promise<number>;

/**
 * Runs the rounds of all in turn, A B C A B C, beginning elsewhere each time, and answers their
 * medians: what disturbs the machine meanwhile strikes all alike.
 */
export async function measureInTurn<Name extends string | number>(
  rounds: ReadonlyMap<Name, Round>,
  count: number,
): Promise<ReadonlyMap<Name, number>> {
  const names = [...rounds.keys()];
  const seen = new Map(names.map((name) => [name, [] as number[]]));
  for (let turn = 0; turn < count; turn++) {
    const first = turn % names.length;
    for (const name of [...names.slice(first), ...names.slice(0, first)]) {
      seen.get(name)?.push((await rounds.get(name)?.()) ?? Number.NaN);
    }
  }
  return new Map([...seen].map(([name, values]) => [name, median(values)]));
}

/** Microseconds per call, one call after the other. */
export async function timeCalls(
  tenantIds: readonly string[],
  call: (tenantId: string) => unknown,
): Promise<number> {
  const startedAt = process.hrtime.bigint();
  for (const tenantId of tenantIds) await call(tenantId);
  return Number(process.hrtime.bigint() - startedAt) / 1000 / tenantIds.length;
}

/**
 * Random ones of the ids, each a new string as a request's path brings it: nothing is hashed or at
 * hand yet.
 */
export function drawTenants(tenantIds: readonly string[], count: number): readonly string[] {
  return Array.from({ length: count }, () => {
    const drawn = tenantIds[Math.floor(Math.random() * tenantIds.length)] ?? '';
    return Buffer.from(drawn).toString('latin1');
  });
}
