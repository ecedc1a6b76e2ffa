import { styleText } from 'node:util';
import { describeError } from '../host/host-log.ts';
import { exitCodeOf } from '../terminal/end-signal.ts';
import { DemoError } from './demo-error.ts';
import type { DemoEnvironment } from './environment.ts';
import { formatHuntTable } from './hunt-table.ts';
import { formatDuration, type Screen } from './progress.ts';
import { tellStory } from './story.ts';
import { formatSyncTable } from './sync-table.ts';
import { formatTable } from './table.ts';

/** What a run needs: where to play, where to print, and the signal that ends it early. */
interface DemoOptions extends Screen {
  readonly open: () => Promise<DemoEnvironment>;
  readonly writeError: (text: string) => void;
}

/** Plays the story and leaves the environment; answers the exit code: 0 when every step held. */
export async function runDemo({ open, write, writeError, signal }: DemoOptions): Promise<number> {
  const startedAt = performance.now();
  let environment: DemoEnvironment | undefined;
  try {
    environment = await open();
    const { rows, syncs, hunted } = await tellStory(environment, { write, signal });
    const time = formatDuration(performance.now() - startedAt);
    const tables = [formatTable(rows), formatSyncTable(syncs), formatHuntTable(hunted)].join('\n');
    write(`\n${tables}\n${styleText('green', `Every step held, in ${time}.`)}\n`);
    return 0;
  } catch (error) {
    writeError(`\n${explain(error, signal)}\n`);
    return signal.aborted ? exitCodeOf(signal) : 1;
  } finally {
    // What went wrong was said already; a sandbox that is gone needs no leaving.
    await environment?.close().catch(() => undefined);
  }
}

/** People get sentences; whoever wants the stack sets DEBUG. */
function explain(error: unknown, signal: AbortSignal): string {
  if (process.env.DEBUG) return describeError(error);
  if (signal.aborted) return 'The demo was stopped before its end.';
  if (error instanceof DemoError) return error.message;
  return `The demo can't go on: ${error instanceof Error ? error.message : String(error)}`;
}
