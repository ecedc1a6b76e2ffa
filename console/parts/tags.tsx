/** The tags of a customer or an incident. */
export function Tags({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <span class="quiet">–</span>;
  return (
    <>
      {of.map((tag) => (
        <span key={tag} class="tag" title={tag}>
          {tag}
        </span>
      ))}
    </>
  );
}
