import type { ComponentChildren } from 'preact';
import type { Problem } from '../api.ts';

/** One field that the operator typed, beside what somebody else saved meanwhile. */
interface Difference {
  readonly field: string;
  readonly theirs: string;
  readonly mine: string;
}

/**
 * Somebody else came first: who, when and what is there now. What the operator typed is still in
 * the form, and nothing was overwritten.
 */
export function Conflict({
  problem,
  differences,
  children,
}: {
  problem: Problem;
  differences: readonly Difference[];
  /** The ways out. */
  children: ComponentChildren;
}) {
  return (
    <div class="notice bad conflict" role="alert">
      <p>
        <strong>{problem.title}</strong> What you typed was not saved, and is still here.
      </p>
      {differences.length > 0 && (
        <table>
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">There now</th>
              <th scope="col">Yours</th>
            </tr>
          </thead>
          <tbody>
            {differences.map(({ field, theirs, mine }) => (
              <tr key={field}>
                <td data-label="Field">
                  <div>{field}</div>
                </td>
                <td data-label="There now">
                  <div class="kept-lines">{theirs || '–'}</div>
                </td>
                <td data-label="Yours">
                  <div class="kept-lines">{mine || '–'}</div>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <div class="actions">{children}</div>
    </div>
  );
}

/** The fields that differ. */
export function listDifferences(
  fields: Readonly<Record<string, readonly [theirs: string, mine: string]>>,
): readonly Difference[] {
  return Object.entries(fields)
    .filter(([, [theirs, mine]]) => theirs !== mine)
    .map(([field, [theirs, mine]]) => ({ field, theirs, mine }));
}
