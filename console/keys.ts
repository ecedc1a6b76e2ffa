import { signal } from '@preact/signals';

/** Whether the list of keys is shown. */
export const isHelpShown = signal(false);

/** What the keys do; shown by `?`. */
export const KEYS: readonly (readonly [key: string, does: string])[] = [
  ['/', 'Search in this view'],
  ['j, k', 'Next row, previous row'],
  ['Enter', 'Open the row'],
  ['?', 'Show these keys'],
  ['Esc', 'Close what is open'],
];

/** Listens to keys outside of fields; answers what ends it. */
export function listenToKeys(): () => void {
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}

function onKey(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = ACTIONS[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

const ACTIONS: Readonly<Record<string, () => void>> = {
  '/': () => document.querySelector<HTMLElement>('[type=search]')?.focus(),
  '?': () => {
    isHelpShown.value = true;
  },
  j: () => moveRow(1),
  k: () => moveRow(-1),
};

/** Moves the focus to the link of the next or previous row. */
function moveRow(step: number): void {
  const links = [...document.querySelectorAll<HTMLElement>('[data-row] a')];
  const at = links.indexOf(document.activeElement as HTMLElement);
  const next = at === -1 ? (step > 0 ? 0 : links.length - 1) : at + step;
  links[next]?.focus();
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null
  );
}
