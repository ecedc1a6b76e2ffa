/** What a model reads in one go; more would push out what it should remember. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** Rows of a list in one answer. */
export const MAX_ROWS = 50;

/** An answer with a list, as long as its text. */
interface Sized<T> {
  readonly answer: T;
  readonly bytes: number;
}

/**
 * Loads a page that fits into an answer: with half as many rows each time until it does. One row is
 * answered whatever its size, so that a list always gets on.
 */
export async function loadFitting<T extends object>(
  limit: number,
  load: (limit: number) => Promise<T>,
): Promise<T> {
  const { answer, bytes } = toSized(await load(limit));
  if (bytes <= MAX_ANSWER_BYTES || limit === 1) return answer;
  const share = MAX_ANSWER_BYTES / bytes;
  return await loadFitting(Math.max(1, Math.floor(limit * share * 0.9)), load);
}

function toSized<T extends object>(answer: T): Sized<T> {
  return { answer, bytes: Buffer.byteLength(JSON.stringify(answer)) };
}
