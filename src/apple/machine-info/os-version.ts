/** Whether a text is the version of an operating system: one to four numbers with dots between, such as `17.4.1`. */
export function isOsVersion(text: string): boolean {
  return /^\d{1,4}(\.\d{1,4}){0,3}$/.test(text);
}

/** Whether one version is older than another, part by part; a part that is not there is 0. */
export function isOlderOs(version: string, than: string): boolean {
  const [one, other] = [partsOf(version), partsOf(than)];
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function partsOf(version: string): number[] {
  return version.split('.').map(Number);
}
