import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { hasSessionEnded } from '../session.ts';
import { Announcer, dialogCount } from './announcer.tsx';
import { SessionEnded } from './session-ended.tsx';

/** A modal dialog of the browser's own: it keeps the focus inside and closes with Escape. */
export function Dialog({
  title,
  close,
  isWide = false,
  children,
}: {
  title: string;
  close: () => void;
  isWide?: boolean;
  children: ComponentChildren;
}) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    element.current?.showModal();
    dialogCount.value += 1;
    return () => {
      dialogCount.value -= 1;
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={isWide ? 'wide-dialog' : undefined}
      aria-labelledby={id}
      onClose={close}
    >
      <header class="dialog-head">
        <h2 id={id}>{title}</h2>
        <button type="button" class="plain" onClick={close} aria-label="Close">
          ✕
        </button>
      </header>
      {hasSessionEnded() && <SessionEnded />}
      {children}
      <Announcer />
    </dialog>
  );
}
