/** What was measured at one concurrency. Times are milliseconds, CPU is microseconds of the server process for each round. */
export interface Measure {
  readonly concurrency: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

export interface Load {
  /** How many workers, each beginning a round when its former one ended. */
  readonly concurrency: number;
  readonly seconds: number;
  /** CPU time of the measured process so far, in microseconds. */
  readonly cpuMicros: () => Promise<number>;
  /** One round of one worker. A rejection ends the whole run. */
  readonly round: (worker: number) => Promise<void>;
}

const WARM_UP_MS = 3_000;

/** Runs rounds for a while: first unmeasured until everything is compiled and connected, then measured. */
export async function measure(load: Load): Promise<Measure> {
  await rounds(load, WARM_UP_MS);
  const cpuBefore = await load.cpuMicros();
  const began = performance.now();
  const times = await rounds(load, load.seconds * 1_000);
  const elapsed = performance.now() - began;
  const cpu = (await load.cpuMicros()) - cpuBefore;
  times.sort((a, b) => a - b);
  return {
    concurrency: load.concurrency,
    perSecond: (times.length / elapsed) * 1_000,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpuMicros: cpu / times.length,
  };
}

async function rounds({ concurrency, round }: Load, forMs: number): Promise<number[]> {
  const times: number[] = [];
  const until = performance.now() + forMs;
  const workers = Array.from({ length: concurrency }, async (_, worker) => {
    for (let now = performance.now(); now < until;) {
      await round(worker);
      const after = performance.now();
      times.push(after - now);
      now = after;
    }
  });
  await Promise.all(workers);
  return times;
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}
