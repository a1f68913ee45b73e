import { readFileSync } from 'node:fs';
import { isLoopback, whyNotListening } from './listening.js';
import { nearest } from './nearest.js';
import { OPTIONS, type Option } from './options.js';
import { whyNoSignIn } from './sign-in.js';

type Options = typeof OPTIONS;
export type Config = { readonly [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never };

const NAMES = Object.keys(OPTIONS) as (keyof Options)[];
const PREFIX = 'POMONA_';
/** What must not be repeated in a refusal. */
const SECRET: ReadonlySet<string> = new Set([
  'SECRET_KEY',
  'SECRET_KEY_FORMER',
  'ADMIN_TOKEN',
  'DATABASE_URL',
]);

/** A setting that cannot be used. The message says which, why, and what would do. */
export class ConfigError extends Error {}

/**
 * Reads the configuration: flags over environment over the JSON file that --config or POMONA_CONFIG names, over defaults.
 * Throws ConfigError for an unknown name or a bad value, wherever it stands.
 */
export function loadConfig(environment: NodeJS.ProcessEnv, flags: readonly string[]): Config {
  const fromFlags = readFlags(flags);
  const fromEnvironment = readEnvironment(environment);
  const file = fromFlags.get('CONFIG') ?? fromEnvironment.get('CONFIG');
  const given = new Map([...readFile(file), ...fromEnvironment, ...fromFlags]);
  given.delete('CONFIG');
  const config: Record<string, unknown> = {};
  for (const name of NAMES) config[name] = valueOf(name, given.get(name));
  checkTogether(config as Config);
  return config as Config;
}

/** What will not do together, each being right by itself. */
function checkTogether(config: Config): void {
  if (config.CORS_CREDENTIALS && config.CORS_ORIGINS.includes('*'))
    throw new ConfigError(
      'POMONA_CORS_CREDENTIALS will not do with POMONA_CORS_ORIGINS=*: name the origins that may send credentials.',
    );
  if (config.IDENTITY_CA_CERT_FILE === undefined && config.IDENTITY_CA_KEY_FILE !== undefined)
    throw new ConfigError(
      'POMONA_IDENTITY_CA_CERT_FILE and POMONA_IDENTITY_CA_KEY_FILE go together: the key needs its certificate.',
    );
  if (config.PROFILE_SIGNING_CERT_FILE === undefined && config.PROFILE_SIGNING_KEY_FILE !== undefined)
    throw new ConfigError(
      'POMONA_PROFILE_SIGNING_CERT_FILE and POMONA_PROFILE_SIGNING_KEY_FILE go together: the key needs its certificate.',
    );
  if (config.SECRET_KEY !== undefined && config.SECRET_KEY_FILE !== undefined)
    throw new ConfigError('Give POMONA_SECRET_KEY or POMONA_SECRET_KEY_FILE, not both: there is one key.');
  const problem = whyNotListening(config);
  if (problem !== undefined) throw new ConfigError(problem);
  const { protocol, hostname } = new URL(config.DEP_URL);
  if (protocol === 'http:' && !isLoopback(hostname))
    throw new ConfigError(
      'POMONA_DEP_URL has to start with https://, since whoever listens could act in your name at Apple; http:// will do for a ' +
        'stand-in on this machine alone (127.0.0.1, localhost).',
    );
  const noSignIn = whyNoSignIn(config);
  if (noSignIn !== undefined) throw new ConfigError(noSignIn);
  if ((config.PUSH_VENDOR_CERT_FILE === undefined) !== (config.PUSH_VENDOR_KEY_FILE === undefined))
    throw new ConfigError(
      'POMONA_PUSH_VENDOR_CERT_FILE and POMONA_PUSH_VENDOR_KEY_FILE go together: give both, or neither.',
    );
  if (config.TRUSTED_DOCUMENTS_ONLY && config.TRUSTED_DOCUMENTS_FILE === undefined)
    throw new ConfigError(
      'POMONA_TRUSTED_DOCUMENTS_ONLY needs POMONA_TRUSTED_DOCUMENTS_FILE: without documents nothing could be run.',
    );
}

function valueOf(name: keyof Options, given: string | undefined): unknown {
  const { fallback, parse }: Option<unknown> = OPTIONS[name] as Option<unknown>;
  if (given === undefined) return fallback;
  try {
    return parse(given);
  } catch (error) {
    const shown = SECRET.has(name) ? 'its value' : `"${given}"`;
    throw new ConfigError(
      `${PREFIX}${name}: ${shown} will not do; it has to be ${(error as Error).message}.`,
      { cause: error },
    );
  }
}

function readEnvironment(environment: NodeJS.ProcessEnv): Map<string, string> {
  const found = new Map<string, string>();
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith(PREFIX) || value === undefined) continue;
    found.set(known(variable.slice(PREFIX.length), variable), value);
  }
  return found;
}

function readFlags(flags: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const given of flags) {
    const [, name, value] = /^--([a-z-]+)=(.*)$/s.exec(given) ?? [];
    if (name === undefined || value === undefined)
      throw new ConfigError(
        `The argument "${given}" will not do; arguments look like --port=8080, and docs/configuration.md has all of them.`,
      );
    found.set(known(name.replaceAll('-', '_').toUpperCase(), `--${name}`), value);
  }
  return found;
}

function readFile(path: string | undefined): Map<string, string> {
  if (path === undefined) return new Map();
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError(
      `The configuration file ${path} cannot be read: ${(error as Error).message}. It has to be a JSON object such as {"port": 8080}.`,
      { cause: error },
    );
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError(`The configuration file ${path} has to be a JSON object such as {"port": 8080}.`);
  }
  return new Map(
    Object.entries(content).map(([key, value]) => [
      known(key.toUpperCase(), `"${key}" in ${path}`),
      String(value),
    ]),
  );
}

function known(name: string, shown: string): string {
  if (name === 'CONFIG' || NAMES.some((one) => one === name)) return name;
  const meant = nearest(name, NAMES);
  const hint = meant === undefined ? '' : ` Did you mean ${PREFIX}${meant}?`;
  throw new ConfigError(`There is no option ${shown}.${hint} docs/configuration.md has all of them.`);
}
