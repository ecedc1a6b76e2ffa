import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as v from 'valibot';

/** An API in a process of its own. */
export interface Upstream {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts it. */
export async function startUpstream(): Promise<Upstream> {
  const child = fork(join(import.meta.dirname, 'upstream.ts'));
  const [message] = await once(child, 'message');
  return {
    url: v.parse(v.object({ url: v.string() }), message).url,
    stop: async () => {
      const exited = once(child, 'exit');
      child.disconnect();
      await exited;
    },
  };
}
