import { toLabel } from '../words.ts';

interface FieldParts {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
}

/** A line of text with its label. */
export function TextField({
  label,
  value,
  change,
  type = 'text',
  hint = '',
}: FieldParts & { type?: 'text' | 'search'; hint?: string }) {
  const read = (event: { currentTarget: HTMLInputElement }) => change(event.currentTarget.value);
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the field is one of two below
    <label>
      {label}
      {type === 'search' ? (
        <input type="search" value={value} placeholder={hint} onInput={read} />
      ) : (
        <input type="text" value={value} placeholder={hint} onInput={read} />
      )}
    </label>
  );
}

/** A time in the operator's own zone. */
export function TimeField({ label, value, change }: FieldParts) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        value={value}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

/** Several lines of text with their label. */
export function TextArea({
  label,
  value,
  change,
  rows = 4,
  hint = '',
}: FieldParts & { rows?: number; hint?: string }) {
  return (
    <label>
      {label}
      <textarea
        rows={rows}
        value={value}
        placeholder={hint}
        onInput={(event) => change(event.currentTarget.value)}
      />
    </label>
  );
}

/** One of several values; the empty one, where there is one, stands for any or none. */
export function Choice({
  label,
  value,
  change,
  options,
  none,
}: FieldParts & { options: readonly string[]; none: string | undefined }) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => change(event.currentTarget.value)}>
        {none !== undefined && <option value="">{none}</option>}
        {options.map((option) => (
          <option key={option} value={option}>
            {toLabel(option)}
          </option>
        ))}
      </select>
    </label>
  );
}
