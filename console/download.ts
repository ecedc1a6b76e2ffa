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
