import 'reflect-metadata';
import type { Bench } from './bench.js';
import { cycle } from './cycle.js';
import { idle } from './idle.js';
import { lookup } from './lookup.js';
import { nestedQuery } from './nested-query.js';
import { readOptions, UsageError } from './options.js';
import { Stores } from './stores.js';
import { tokenUpdate } from './token-update.js';

const BENCHES: readonly Bench[] = [idle, cycle, tokenUpdate, nestedQuery, lookup];

async function main(): Promise<void> {
  const options = readOptions(
    process.argv.slice(2),
    BENCHES.map((bench) => bench.name),
  );
  const stores = new Stores();
  try {
    for (const bench of BENCHES.filter(({ name }) => options.names.includes(name))) {
      for (const database of options.databases) await bench.run({ database, options, stores });
    }
  } finally {
    await stores.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
