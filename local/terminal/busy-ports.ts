import { createServer } from 'node:net';

/** Where the sandbox listens. */
interface Ports {
  readonly port: number;
  readonly microsoftPort: number;
  readonly tlsPort: number | undefined;
}

/** What to say when a port is in use, with options that work now; `undefined`: both are free. */
export async function describeBusyPorts({
  port,
  microsoftPort,
  tlsPort,
}: Ports): Promise<string | undefined> {
  const ports = [port, microsoftPort, ...(tlsPort === undefined ? [] : [tlsPort])];
  if (new Set(ports).size < ports.length) return 'Each port must be another one.';
  const busy = await filterBusy(ports);
  if (busy.length === 0) return undefined;
  const free = await findFree(ports.length, Math.max(...ports));
  const options = free.map((number, index) => `--${NAMES[index]} ${number}`).join(' ');
  const what = busy.length > 1 ? `Ports ${busy.join(' and ')} are` : `Port ${busy[0]} is`;
  const way = `npm start -- ${tlsPort === undefined ? '' : '--tls '}${options}`;
  return `${what} in use, perhaps by another sandbox: stop it, or run ${way}`;
}

const NAMES = ['port', 'microsoft-port', 'tls-port'];

async function filterBusy(ports: readonly number[]): Promise<readonly number[]> {
  const free = await Promise.all(ports.map(isFree));
  return ports.filter((_, index) => !free[index]);
}

/** Neighbours in the next decades of ports. */
async function findFree(count: number, above: number): Promise<readonly number[]> {
  for (let decade = Math.floor(above / 10) + 1; decade < 6553; decade++) {
    const ports = Array.from({ length: count }, (_, index) => decade * 10 + 1 + index);
    if ((await filterBusy(ports)).length === 0) return ports;
  }
  throw new Error('No free ports were found.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
