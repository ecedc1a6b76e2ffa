/** Why the bytes of a blob are no broker's: they are too many, or can't be unpacked. */
type BlobDamage = 'too_large' | 'damaged';

/** What Node's zlib throws, too, when bytes unpack beyond their limit. */
const TOO_LARGE = 'ERR_BUFFER_TOO_LARGE';

/** The error of a blob, packed or not, that is larger than any that the broker writes. */
export function createTooLargeError(): Error {
  return Object.assign(new RangeError('A blob is larger than any that the broker writes.'), {
    code: TOO_LARGE,
  });
}

/** What is wrong with a blob; `undefined`: reading it failed otherwise, as without a network. */
export function findBlobDamage(error: unknown): BlobDamage | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? String(error.code) : '';
  if (code === TOO_LARGE) return 'too_large';
  // zlib names its errors so: `Z_DATA_ERROR`, `Z_BUF_ERROR`.
  return code.startsWith('Z_') ? 'damaged' : findBlobDamage(error.cause);
}
