/**
 * Reads the property list named on the command line in slices, in a process of its own, and prints as JSON what that
 * cost: growth of resident memory (input, tree and garbage) in MiB, and the longest time other work had to wait in ms.
 */
import { readFileSync } from 'node:fs';
import { isDict, parsePlistInSlices } from '../../src/apple/plist/index.js';

const MEBIBYTE = 1024 * 1024;
const baseline = process.memoryUsage.rss();

let longestGap = 0;
let last = performance.now();
let reading = true;
const probe = (): void => {
  const now = performance.now();
  longestGap = Math.max(longestGap, now - last);
  last = now;
  if (reading) setImmediate(probe);
};

const document = readFileSync(process.argv[2]!);
last = performance.now();
setImmediate(probe);
const value = await parsePlistInSlices(document);
longestGap = Math.max(longestGap, performance.now() - last);
reading = false;

const list = isDict(value) ? value['InstalledApplicationList'] : undefined;
const applications = Array.isArray(list) ? list : [];
console.log(
  JSON.stringify({
    growth: (process.resourceUsage().maxRSS * 1024 - baseline) / MEBIBYTE,
    longestGap,
    documentBytes: document.length,
    applications: applications.length,
    last: applications.at(-1),
  }),
);
