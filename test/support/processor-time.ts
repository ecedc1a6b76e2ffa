/**
 * Starts a count of the processor's time that this process takes, in milliseconds; other processes
 * on a busy machine do not stretch it.
 */
export function countProcessorTime(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
