/** Parts of a whole side by side, as wide as they are great; what they are stands in the table below. */
export function ShareBar({
  parts,
}: {
  parts: readonly { key: string; color: string; amountMinor: number }[];
}) {
  return (
    <div className="share-bar" aria-hidden>
      {parts.map(({ key, color, amountMinor }) => (
        <span key={key} style={{ background: color, flexGrow: Math.max(amountMinor, 0) }} />
      ))}
    </div>
  );
}
