import { CLOCK_VARIABLE, installClock, isClock } from './clock.ts';

// For `--import`: the parent sets this process's clock by a message, which is answered with itself.
const setClock = installClock();

// A process whose clock is wrong is born with it.
setClock(Number(process.env[CLOCK_VARIABLE] ?? 0));

process.on('message', (message) => {
  if (!isClock(message)) return;
  setClock(message.clock);
  process.send?.(message);
});
