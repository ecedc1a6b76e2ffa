import { expect, test } from 'vitest';
import { flattenRow } from '../../../../shared/hunting/results/flatten-row.ts';
import { createPage, PAGE_LIMITS } from '../../../../shared/hunting/results/result-page.ts';
import { TENANT } from '../../../support/tokens.ts';

const START = { part: 0, chunk: 0, row: 0, header: undefined };
const LEFT_OUT = '[left out: nested deeper than 100 levels]';

function nest(levels: number, inner = '1'): string {
  return `${'['.repeat(levels)}${inner}${']'.repeat(levels)}`;
}

test('what is nested too deeply is left out with its reason, the rest stays digit by digit', () => {
  const text = '"x: [{\\"", "n": 1234567890123456789';
  const row = `{"a": ${text}, "deep": ${nest(5000)}, "b":{"c":[1]}, "last":${nest(101)}}`;
  const flat = `{"a": ${text}, "deep":"${LEFT_OUT}", "b":{"c":[1]}, "last":"${LEFT_OUT}"}`;
  expect(flattenRow(row)).toBe(flat);
  expect(flattenRow(`{"a":${nest(100)}}`)).toBe(`{"a":${nest(100)}}`);
});

test.each(['json', 'ndjson', 'csv'] as const)(
  'a row of ten and of a hundred thousand levels fails no page of %s',
  (format) => {
    const columns = ['id', 'value'].map((name) => ({ name, type: 'dynamic' }));
    const part = {
      ...{ huntId: 'h', number: 1, tenantId: TENANT, columns, rows: 3, blob: 'b', chunks: [3] },
    };
    const page = createPage({ format, columns, limits: PAGE_LIMITS, from: START });
    const rows = [10_000, 100_000, 1].map(
      (levels) => `{"id":1234567890123456789,"value":${nest(levels)}}`,
    );
    expect(page.add({ part, chunk: 0, row: 0, rows } as never, 'Contoso')).toBe(true);
    const text = page.toBytes().toString();
    expect(page.countRows()).toBe(3);
    expect([text.split(LEFT_OUT).length, text.split('1234567890123456789').length]).toEqual([3, 4]);
  },
);
