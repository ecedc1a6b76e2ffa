/** Lets equal requests of this process share one call; a settled call is forgotten at once. */
export function createSingleFlight<T>(): (key: string, start: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, start) => {
    const running = flights.get(key);
    if (running !== undefined) return running;
    const flight = start().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}
