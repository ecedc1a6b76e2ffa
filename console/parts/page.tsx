import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Problem } from '../api.ts';
import type { Loaded } from '../load.ts';
import { hasRole } from '../session.ts';
import { toLabel } from '../words.ts';

/** A view: its name, the question that it answers, what can be done with it, its content. */
export function Page({
  title,
  question,
  back,
  actions,
  children,
}: {
  title: string;
  question: string;
  /** The way to the list that this is part of. */
  back?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
}) {
  useEffect(() => {
    document.title = `${title} · Partner broker`;
  }, [title]);
  return (
    <>
      <header class="page-head">
        <div>
          {back && (
            <nav class="back small" aria-label="Back">
              {back}
            </nav>
          )}
          <h1 tabIndex={-1}>{title}</h1>
          <p class="quiet">{question}</p>
        </div>
        {actions && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

/** Shows the content to who holds the role, and says to others which role it takes. */
export function NeedsRole({ appRole, children }: { appRole: string; children: ComponentChildren }) {
  if (hasRole(appRole)) return <>{children}</>;
  return (
    <div class="notice" role="note">
      <p>
        This takes the app role <code>{appRole}</code> of the broker's API.
      </p>
      <p class="quiet">
        Ask whoever manages the home tenant to assign it to you, then sign in again.
      </p>
    </div>
  );
}

/**
 * What is loaded, or why it is not there: "nothing happened" and "could not look" never look alike.
 */
export function Content<T>({
  of,
  children,
}: {
  of: Loaded<T>;
  children: (data: T) => ComponentChildren;
}) {
  const { data, problem, isLoading, reload } = of;
  return (
    <div aria-busy={isLoading}>
      {problem && <ProblemNotice problem={problem} isStale={data !== undefined} retry={reload} />}
      {data === undefined ? !problem && <p class="quiet">Loading…</p> : children(data)}
    </div>
  );
}

/** A failure with its owner and its remedy. */
export function ProblemNotice({
  problem,
  isStale = false,
  retry,
}: {
  problem: Problem;
  isStale?: boolean;
  retry?: (() => void) | undefined;
}) {
  const { title, remedy, owner, correlationId } = problem;
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{title}</strong> {isStale && 'What you see below is older.'}
      </p>
      <p>
        {owner && <span class="badge">{toLabel(owner)}</span>} {remedy}
      </p>
      {correlationId && <p class="quiet small">Correlation id {correlationId}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
