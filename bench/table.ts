import type { Measure } from './measure.js';

/** Prints measures as a small table. `round` names what was counted: a request, a cycle. */
export function printTable(title: string, round: string, measures: readonly Measure[]): void {
  const head = ['at once', `${round}s/s`, 'p50 ms', 'p99 ms', `server CPU µs/${round}`];
  const rows = measures.map((one) => [
    String(one.concurrency),
    one.perSecond.toFixed(0),
    one.p50.toFixed(2),
    one.p99.toFixed(2),
    one.cpuMicros.toFixed(0),
  ]);
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    cells.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('  ');
  process.stdout.write(`\n${title}\n${[head, ...rows].map(line).join('\n')}\n`);
}
