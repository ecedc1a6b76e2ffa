import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGroupCommit } from '../../../shared/azure/streams/group-commit.ts';

/** Commits that wait until they are let through. */
function setUp() {
  const commits: { items: readonly string[]; end: PromiseWithResolvers<void> }[] = [];
  const append = createGroupCommit<string>({
    commit: (items) => {
      const end = Promise.withResolvers<void>();
      commits.push({ items, end });
      return end.promise;
    },
    most: 4,
    sizeOf: ({ length }) => length,
  });
  const items = () => commits.map((commit) => commit.items);
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  return { commits, append, items, turn };
}

test('what arrives during a commit goes into the next one, whole', async () => {
  const { commits, append, items, turn } = setUp();
  const calls = [['a'], ['b', 'c'], ['d', 'e', 'f'], ['g']].map(append);
  commits[0]?.end.resolve();
  await turn();
  expect(items()).toEqual([['a'], ['b', 'c']]);
  commits[1]?.end.resolve();
  await turn();
  expect(items()[2]).toEqual(['d', 'e', 'f', 'g']);
  commits[2]?.end.resolve();
  await Promise.all(calls);
});

test('a call waits for its own items only', async () => {
  const { commits, append, turn } = setUp();
  const first = append(['a']);
  append(['b']).catch(() => undefined);
  commits[0]?.end.resolve();
  await first;
  await turn();
  expect(commits).toHaveLength(2);
});

test('what is too much for one commit goes in order into several', async () => {
  const { commits, append, items, turn } = setUp();
  const call = append([...'abcdef']);
  const other = append(['g']);
  commits[0]?.end.resolve();
  await turn();
  expect(items()).toEqual([[...'abcd'], [...'efg']]);
  commits[1]?.end.resolve();
  await Promise.all([call, other]);
});

test('a failed commit rejects those who took part, and the others go on', async () => {
  const { commits, append, items, turn } = setUp();
  const failing = expect(append([...'abcdef'])).rejects.toThrow('no answer');
  const next = append(['g']);
  commits[0]?.end.reject(new Error('no answer'));
  await failing;
  await turn();
  expect(items()).toEqual([[...'abcd'], ['g']]);
  commits[1]?.end.resolve();
  await next;
});

test('whatever is appended is committed once, in the order of the calls', async () => {
  const calls = fc.array(fc.array(fc.string({ maxLength: 3 }), { maxLength: 9 }), { maxLength: 9 });
  const property = fc.asyncProperty(calls, fc.integer({ min: 1, max: 5 }), async (given, most) => {
    const committed: string[] = [];
    const append = createGroupCommit<string>({
      commit: async (items) => {
        await Promise.resolve();
        expect(items.length).toBeLessThanOrEqual(most);
        committed.push(...items);
      },
      most,
      sizeOf: ({ length }) => length,
    });
    await Promise.all(given.map(append));
    expect(committed).toEqual(given.flat());
  });
  await fc.assert(property);
});
