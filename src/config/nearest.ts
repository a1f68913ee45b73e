/** The name that was probably meant: two letters of `given` differ at most, or a third of them. Undefined when none is that near. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const all = names.map((name) => ({ name, distance: distanceOf(given, name) }));
  const [first] = all.toSorted((a, b) => a.distance - b.distance);
  return first !== undefined && first.distance <= Math.max(2, given.length / 3) ? first.name : undefined;
}

/** How many letters have to be added, taken away or replaced to make one of the other (Levenshtein). */
function distanceOf(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (const [row, letter] of [...one].entries()) {
    const here = [row + 1];
    for (const [column, against] of [...other].entries()) {
      const replaced = (above[column] ?? 0) + (letter === against ? 0 : 1);
      here.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (here[column] ?? 0) + 1));
    }
    above = here;
  }
  return above.at(-1) ?? 0;
}
