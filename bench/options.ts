/** What a run was asked for on the command line. */
export interface BenchOptions {
  readonly names: readonly string[];
  readonly databases: readonly DatabaseName[];
  /** How long each row of a table is measured, after its warm-up. */
  readonly seconds: number;
  /** How many requests are under way at once, a row of a table each. */
  readonly concurrencies: readonly number[];
  /** Finished commands that `lookup` fills the table with; a fifth as many are pending. */
  readonly rows: number;
  /** How devices prove who they are; undefined: as the benchmark usually does. */
  readonly identity: IdentityProof | undefined;
  /** Directory for CPU profiles of the server; undefined: none are taken. */
  readonly profile: string | undefined;
}

export type DatabaseName = 'sqlite' | 'mariadb';
/** `signature`: Mdm-Signature, signed ahead where the bytes are known ahead. `header`: the certificate as a trusted proxy forwards it. */
export type IdentityProof = 'signature' | 'header';

const USAGE = `Usage: node dist/bench/run.js [name …] [--database sqlite|mariadb|both] [--seconds n] [--concurrency n,n] [--rows n] [--identity signature|header] [--profile directory]`;

/** A command line that cannot be understood; the message says how it should look. */
export class UsageError extends Error {}

/** Reads the command line. @throws {UsageError} for an unknown benchmark or flag */
export function readOptions(args: readonly string[], known: readonly string[]): BenchOptions {
  const flags = new Map<string, string>();
  const names: string[] = [];
  const rest = args.flatMap((arg) =>
    /^--\w+=/.test(arg) ? [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] : [arg],
  );
  for (let at = 0; at < rest.length; at += 1) {
    const arg = rest[at] ?? '';
    if (arg.startsWith('--')) flags.set(arg.slice(2), rest[(at += 1)] ?? '');
    else names.push(arg);
  }
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined)
    throw new UsageError(`There is no benchmark "${strange}". There are ${known.join(', ')}.\n${USAGE}`);
  const database = take(flags, 'database', ['sqlite', 'mariadb', 'both'] as const) ?? 'mariadb';
  const options: BenchOptions = {
    names: names.length === 0 ? known : names,
    databases: database === 'both' ? ['mariadb', 'sqlite'] : [database],
    seconds: takeNumber(flags, 'seconds', 5),
    concurrencies: takeNumbers(flags, 'concurrency', [1, 16, 64]),
    rows: takeNumber(flags, 'rows', 1_000_000),
    identity: take(flags, 'identity', ['signature', 'header'] as const),
    profile: takeText(flags, 'profile'),
  };
  const [left] = flags.keys();
  if (left !== undefined) throw new UsageError(`There is no flag --${left}.\n${USAGE}`);
  return options;
}

function takeText(flags: Map<string, string>, name: string): string | undefined {
  const value = flags.get(name);
  flags.delete(name);
  return value;
}

function take<T extends string>(
  flags: Map<string, string>,
  name: string,
  allowed: readonly T[],
): T | undefined {
  const value = takeText(flags, name);
  const found = allowed.find((one) => one === value);
  if (value !== undefined && found === undefined)
    throw new UsageError(`--${name} is one of ${allowed.join(', ')}.\n${USAGE}`);
  return found;
}

function takeNumbers(
  flags: Map<string, string>,
  name: string,
  fallback: readonly number[],
): readonly number[] {
  const value = takeText(flags, name);
  if (value === undefined) return fallback;
  if (!/^[1-9]\d*(,[1-9]\d*)*$/.test(value))
    throw new UsageError(`--${name} is whole numbers from 1, separated by commas.\n${USAGE}`);
  return value.split(',').map(Number);
}

function takeNumber(flags: Map<string, string>, name: string, fallback: number): number {
  const value = takeText(flags, name);
  if (value === undefined) return fallback;
  if (!/^\d+$/.test(value) || Number(value) < 1)
    throw new UsageError(`--${name} is a whole number from 1.\n${USAGE}`);
  return Number(value);
}
