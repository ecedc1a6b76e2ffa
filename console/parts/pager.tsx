import { useState } from 'preact/hooks';

/** The cursors of the pages that were seen, so that one can go back. */
interface Pages {
  readonly cursor: string | undefined;
  readonly number: number;
  readonly next: (cursor: string) => void;
  readonly back: () => void;
}

/** Keeps the way through pages; another key, such as a changed filter, begins at the first one. */
export function usePages(key: string): Pages {
  const [state, setState] = useState<{ key: string; cursors: readonly string[] }>({
    key,
    cursors: [],
  });
  const cursors = state.key === key ? state.cursors : [];
  return {
    cursor: cursors.at(-1),
    number: cursors.length + 1,
    next: (cursor) => setState({ key, cursors: [...cursors, cursor] }),
    back: () => setState({ key, cursors: cursors.slice(0, -1) }),
  };
}

/** Previous and next. */
export function Pager({
  pages,
  next,
  name = 'Next',
}: {
  pages: Pages;
  next: string | undefined;
  name?: string;
}) {
  if (pages.number === 1 && next === undefined) return null;
  return (
    <nav class="pager" aria-label="Pages">
      <button type="button" disabled={pages.number === 1} onClick={pages.back}>
        Previous
      </button>
      <span>Page {pages.number}</span>
      <button
        type="button"
        disabled={next === undefined}
        onClick={() => next !== undefined && pages.next(next)}
      >
        {name}
      </button>
    </nav>
  );
}
