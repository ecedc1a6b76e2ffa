import { useState } from 'preact/hooks';
import { toProblem } from '../api.ts';
import { hasRole } from '../session.ts';
import { announce } from './announcer.tsx';

/** A button that does one thing at the broker: it can't be pressed twice, and says what became of it. */
export function ActionButton({
  label,
  appRole,
  done,
  isPrimary = false,
  run,
}: {
  label: string;
  /** The app role that it takes. */
  appRole: string;
  /** What is said afterwards. */
  done: string;
  /** What one came to the dialog for. */
  isPrimary?: boolean;
  run: () => Promise<unknown>;
}) {
  const [isRunning, setRunning] = useState(false);
  if (!hasRole(appRole)) {
    return (
      <button type="button" disabled title={`This takes the app role ${appRole}.`}>
        {label}
      </button>
    );
  }
  const press = async () => {
    setRunning(true);
    try {
      await run();
      announce(done);
    } catch (error) {
      const { title, remedy } = toProblem(error);
      announce(`${title} ${remedy}`);
    } finally {
      setRunning(false);
    }
  };
  return (
    <button
      type="button"
      class={isPrimary ? 'primary' : undefined}
      disabled={isRunning}
      aria-busy={isRunning}
      onClick={() => void press()}
    >
      {label}
    </button>
  );
}
