import { signal } from '@preact/signals';

const message = signal('');

/** Dialogs that are open: what lies outside of a modal one is neither seen nor read out. */
export const dialogCount = signal(0);

/** Says what became of an action, also to who does not see the page. */
export function announce(text: string): void {
  message.value = text;
}

/** The live region, and the same words on the page. */
export function Announcer() {
  const text = message.value;
  return (
    <div class={`announcer ${text ? 'shown' : ''}`}>
      <p role="status" aria-live="polite">
        {text}
      </p>
      {text && (
        <button type="button" class="plain" onClick={() => announce('')} aria-label="Dismiss">
          ✕
        </button>
      )}
    </div>
  );
}
