/** Saves parts as one file in the browser's folder for downloads. */
export function download(
  parts: readonly BlobPart[],
  { name, type }: { name: string; type: string },
) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([...parts], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** There is more than one file may hold: half of it, unsaid, would be worse than nothing. */
export class TooManyRows extends Error {
  override readonly name = 'TooManyRows';

  constructor(most: number) {
    super(`There are more than ${most.toLocaleString()} rows.`);
  }
}
