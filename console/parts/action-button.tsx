import { useState } from 'preact/hooks';
import { type Problem, toProblem } from '../api.ts';
import { hasRole } from '../session.ts';
import { announce } from './announcer.tsx';

/**
 * A button that does one thing at the broker: it can't be pressed twice, and says what became of
 * it.
 */
export function ActionButton({
  label,
  appRole,
  done,
  isPrimary = false,
  isDisabled = false,
  report,
  run,
}: {
  label: string;
  /** The app role that it takes. */
  appRole: string;
  /** What is said afterwards. */
  done: string;
  /** What one came to the dialog for. */
  isPrimary?: boolean;
  isDisabled?: boolean;
  /** Takes the problem, where the form shows it; otherwise it is announced. */
  report?: (problem: Problem | undefined) => void;
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
    report?.(undefined);
    try {
      await run();
      announce(done);
    } catch (error) {
      const problem = toProblem(error);
      if (report) report(problem);
      else announce(`${problem.title} ${problem.remedy}`);
    } finally {
      setRunning(false);
    }
  };
  return (
    <button
      type="button"
      class={isPrimary ? 'primary' : undefined}
      disabled={isRunning || isDisabled}
      aria-busy={isRunning}
      onClick={() => void press()}
    >
      {label}
    </button>
  );
}
