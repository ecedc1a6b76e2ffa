/**
 * An OData filter with its values quoted (OData 3.0, section "Primitive literals"): strings, Dates
 * and numbers.
 */
export function odata(
  literals: TemplateStringsArray,
  ...values: readonly (string | number | Date)[]
): string {
  return String.raw({ raw: literals }, ...values.map(toLiteral));
}

function toLiteral(value: string | number | Date): string {
  if (typeof value === 'number') return String(value);
  if (value instanceof Date) return `datetime'${value.toISOString()}'`;
  return `'${value.replaceAll("'", "''")}'`;
}

/** A condition that one of several values fulfils; `undefined`: any does. */
export function anyOf(
  values: readonly string[] | undefined,
  toCondition: (value: string) => string,
): string | undefined {
  return values && `(${values.map(toCondition).join(' or ')})`;
}
