import { useEffect, useState } from 'preact/hooks';
import { type Problem, toProblem } from './api.ts';
import { isSessionAlive } from './session.ts';

/** Something that is fetched: what is there stays on the page while it is fetched again. */
export interface Loaded<T> {
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface State<T> {
  readonly key: string;
  readonly data: T | undefined;
  readonly problem: Problem | undefined;
  readonly isLoading: boolean;
}

/** When something is fetched again while the page is visible. */
interface Refresh<T> {
  readonly everyMs?: number;
  /** Whether what is there may still change. */
  readonly isChanging?: (data: T) => boolean;
}

/**
 * Fetches something when the key changes, and again every `everyMs` while the page is visible. An
 * answer to an older question is thrown away.
 */
export function useLoaded<T>(
  key: string,
  load: () => Promise<T>,
  { everyMs, isChanging = () => true }: Refresh<T> = {},
): Loaded<T> {
  const [state, setState] = useState<State<T>>(toStart(key));
  const [round, setRound] = useState(0);
  const reload = () => setRound((before) => before + 1);

  // `load` is new at each rendering: the key says what it loads.
  useEffect(() => {
    let isCurrent = true;
    setState((before) => ({ ...(before.key === key ? before : toStart<T>(key)), isLoading: true }));
    load().then(
      (data) => isCurrent && setState({ key, data, problem: undefined, isLoading: false }),
      (error: unknown) =>
        isCurrent &&
        setState((before) => ({ ...before, problem: toProblem(error), isLoading: false })),
    );
    return () => {
      isCurrent = false;
    };
  }, [key, round]);

  const { data, problem, isLoading } = state.key === key ? state : toStart<T>(key);
  const isRefreshed = everyMs !== undefined && (data === undefined || isChanging(data));
  useEffect(() => {
    if (!isRefreshed) return undefined;
    const timer = setInterval(() => isWorthwhile() && reload(), everyMs);
    return () => clearInterval(timer);
  }, [isRefreshed, everyMs]);

  return { data, problem, isLoading, reload };
}

function toStart<T>(key: string): State<T> {
  return { key, data: undefined, problem: undefined, isLoading: true };
}

function isWorthwhile(): boolean {
  return document.visibilityState === 'visible' && isSessionAlive();
}
