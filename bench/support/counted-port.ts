/** The same port, each of whose calls is counted; of a listing, each page. */
export function toCounted<T extends object>(port: T, count: () => void): T {
  return new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, args);
        if (isListing(answer)) return countPages(answer, count);
        count();
        return answer;
      };
    },
  });
}

function isListing(answer: unknown): answer is AsyncIterable<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

async function* countPages(pages: AsyncIterable<unknown>, count: () => void) {
  for await (const page of pages) {
    count();
    yield page;
  }
}
