/** At most `count` of the names that a person may have meant by `name`, the nearest first; case does not matter. */
export function nearNames(name: string, names: readonly string[], count = 3): string[] {
  const wanted = name.slice(0, 64).toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  return names
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

/** A part of a name counts as near; anything else by Levenshtein's distance. */
function distanceTo(wanted: string, candidate: string): number {
  if (wanted.length >= 4 && (candidate.includes(wanted) || wanted.includes(candidate))) return 1;
  let row = Array.from({ length: candidate.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...wanted].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...candidate].entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
