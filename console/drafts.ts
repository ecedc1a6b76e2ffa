import { useState } from 'preact/hooks';

/**
 * Keeps what is typed in the browser tab, so that it survives a sign-in in between. Only words that
 * an operator types are kept, and only until they are sent.
 */
export function useDraft<T>(
  name: string,
  initial: T,
): readonly [draft: T, setDraft: (draft: T) => void, clear: () => void] {
  const key = `draft ${name}`;
  const [draft, setState] = useState<T>(() => readDraft(key) ?? initial);
  const setDraft = (value: T) => {
    saveDraft(name, value);
    setState(value);
  };
  const clear = () => {
    sessionStorage.removeItem(key);
    setState(initial);
  };
  return [draft, setDraft, clear];
}

/** Puts something into a form that is opened next. */
export function saveDraft(name: string, value: unknown): void {
  sessionStorage.setItem(`draft ${name}`, JSON.stringify(value));
}

function readDraft<T>(key: string): T | undefined {
  const text = sessionStorage.getItem(key);
  return text === null ? undefined : JSON.parse(text);
}
