import { installClock, isClock } from './clock.ts';

// For `--import`: the parent sets this process's clock by a message, which is answered with itself.
const setClock = installClock();

process.on('message', (message) => {
  if (!isClock(message)) return;
  setClock(message.clock);
  process.send?.(message);
});
