import type { Row } from '../report/row.ts';

/** A sweep that renews tokens, with what it cost. */
export interface MeasuredSweep {
  readonly tenants: number;
  readonly seconds: number;
  readonly calls: number;
  readonly operations: number;
  readonly tableSeconds: number;
  /** What the sweep left in memory, in MB. */
  readonly kept: number;
}

/** What sweeps of three sizes cost, the last beside the one before it. */
export function toSizeRows(sizes: readonly MeasuredSweep[]): readonly Row[] {
  const [, middle, largest] = sizes;
  if (!middle || !largest) throw new Error('There are three sizes.');
  const most = Math.max(...sizes.map(({ calls, tenants }) => calls / tenants));
  return [
    ...sizes.map(({ tenants, seconds, calls, tableSeconds }) => ({
      what: `sweep of ${toText(tenants)} due tenants, ${toText(calls)} calls to Entra`,
      measured: { value: seconds, unit: 's' },
      against: { name: 'the same table operations alone', value: tableSeconds, unit: 's' },
      ratio: seconds / tableSeconds,
    })),
    ...toGrowthRows(middle, largest),
    {
      what: `heap and buffers that a further sweep of ${toText(largest.tenants)} leaves`,
      measured: { value: largest.kept, unit: 'MB' },
      against: { name: `of ${toText(middle.tenants)}`, value: middle.kept, unit: 'MB' },
      bar: { of: 'measured', is: 'at most', limit: 10 },
    },
    {
      what: 'calls to Entra per due tenant, the most of any sweep',
      measured: { value: most, unit: '' },
      against: { name: 'a due token takes', value: 1, unit: '' },
      bar: { of: 'measured', is: 'at most', limit: 1 },
    },
  ];
}

/** What a tenant costs among many, beside what it costs among fewer. */
function toGrowthRows(middle: MeasuredSweep, largest: MeasuredSweep): readonly Row[] {
  const perTenant = ({ seconds, tenants }: MeasuredSweep) => (seconds * 1000) / tenants;
  const share = ({ seconds, tableSeconds }: MeasuredSweep) => seconds / tableSeconds;
  const each = ({ operations, tenants }: MeasuredSweep) => operations / tenants;
  const name = `at ${toText(middle.tenants)}`;
  const toRow = (what: string, unit: string, measure: (size: MeasuredSweep) => number) => ({
    what,
    measured: { value: measure(largest), unit },
    against: { name, value: measure(middle), unit },
    ratio: measure(largest) / measure(middle),
  });
  const bar = { of: 'ratio', is: 'at most', limit: 1.2 } as const;
  const size = toText(largest.tenants);
  return [
    { ...toRow(`table operations per tenant at ${size}`, '', each), bar },
    {
      ...toRow(`time per tenant at ${size}`, 'ms', perTenant),
      limit:
        'A write to Azurite costs more the more rows a table has: the next row leaves that out.',
    },
    { ...toRow('the same, each as a multiple of its table operations alone', '×', share), bar },
  ];
}

/** A number as the rows show it. */
export function toText(count: number): string {
  return count.toLocaleString('en-US');
}
