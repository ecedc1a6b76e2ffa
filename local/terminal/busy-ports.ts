import { createServer } from 'node:net';

/** Where the sandbox listens. */
export interface Ports {
  readonly port: number;
  readonly microsoftPort: number;
}

/** What to say when a port is in use, with options that work now; `undefined`: both are free. */
export async function describeBusyPorts({
  port,
  microsoftPort,
}: Ports): Promise<string | undefined> {
  if (port === microsoftPort) return '--port and --microsoft-port must be different.';
  const busy = await filterBusy([port, microsoftPort]);
  if (busy.length === 0) return undefined;
  const [first = 0, second = 0] = await findFreePair(Math.max(port, microsoftPort));
  const what = busy.length > 1 ? `Ports ${busy.join(' and ')} are` : `Port ${busy[0]} is`;
  const way = `npm start -- --port ${first} --microsoft-port ${second}`;
  return `${what} in use, perhaps by another sandbox: stop it, or run ${way}`;
}

async function filterBusy(ports: readonly number[]): Promise<readonly number[]> {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

/** Two neighbours in the next decades of ports. */
async function findFreePair(above: number): Promise<readonly number[]> {
  for (let decade = Math.floor(above / 10) + 1; decade < 6553; decade++) {
    const pair = [decade * 10 + 1, decade * 10 + 2];
    if ((await filterBusy(pair)).length === 0) return pair;
  }
  throw new Error('No two free ports were found.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
