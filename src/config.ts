import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';

/** One option: where its value comes from is the same for all (flag over environment over file over default). */
interface Option<T> {
  /** What stands in the documentation. */
  readonly help: string;
  readonly fallback: T;
  /** Reads a value, or throws a sentence that says what would be right. */
  readonly parse: (text: string) => T;
}

const text = (value: string): string => value;
const optionalText = (value: string): string | undefined => (value === '' ? undefined : value);

function whole(min: number, max: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < min || number > max)
      throw new Error(`a whole number from ${min} to ${max}`);
    return number;
  };
}

function flag(value: string): boolean {
  if (value === 'true' || value === '1') return true;
  if (value === 'false' || value === '0') return false;
  throw new Error('true or false');
}

function oneOf<const T extends string>(...allowed: T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((one) => one === value);
    if (found === undefined) throw new Error(`one of ${allowed.join(', ')}`);
    return found;
  };
}

function urlOf(...protocols: string[]): (value: string) => string | undefined {
  return (value) => {
    if (value === '') return undefined;
    if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
      throw new Error(`a URL that starts with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`);
    }
    return value;
  };
}

function databaseUrl(value: string): string | undefined {
  const url = urlOf('mysql:', 'mariadb:')(value);
  if (url !== undefined && new URL(url).pathname.length < 2)
    throw new Error('a URL that ends with the name of the database, as in mysql://user:password@host/pomona');
  return url;
}

/** Addresses and networks, separated by commas, as one list to check against. */
function proxies(value: string): BlockList {
  const list = new BlockList();
  for (const entry of value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== ''))
    addNetwork(list, entry);
  return list;
}

function addNetwork(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIP(address);
  if (family === 0)
    throw new Error('IP addresses or networks separated by commas, as in 10.0.0.5,192.168.0.0/16');
  const kind = family === 4 ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, kind);
  else list.addSubnet(address, whole(0, family === 4 ? 32 : 128)(bits), kind);
}

function secretKey(value: string): Buffer | undefined {
  if (value === '') return undefined;
  const key = /^[0-9a-f]{64}$/i.test(value) ? Buffer.from(value, 'hex') : Buffer.from(value, 'base64');
  if (key.length !== 32)
    throw new Error('32 bytes, as 64 hexadecimal digits or as base64 (make one with `openssl rand -hex 32`)');
  return key;
}

function adminToken(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length < 16 || value.length > 512 || /\s/.test(value))
    throw new Error('16 to 512 characters without white space');
  return value;
}

/** RFC 5280 appendix A.1, ub-organization-name. */
function organization(value: string): string {
  const name = value.trim();
  if (name === '' || name.length > 64) throw new Error('a name of 1 to 64 characters');
  return name;
}

/** Web origins separated by commas, exactly as browsers send them; or `*` alone. */
function origins(value: string): readonly string[] {
  const list = value
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const right = (one: string): boolean => URL.canParse(one) && new URL(one).origin === one;
  if (!(list.length === 1 && list[0] === '*') && !list.every(right))
    throw new Error(
      'origins separated by commas, as in https://console.example.org,http://localhost:5173 (no path, no slash at the end), or * alone',
    );
  return list;
}

const option = <T>(fallback: T, parse: (value: string) => T, help: string): Option<T> => ({
  fallback,
  parse,
  help,
});

/** Every option there is. The environment variable is POMONA_ and the name; the flag is --name with hyphens; the file has the name. */
export const OPTIONS = {
  HOST: option('127.0.0.1', text, 'Address to listen on. Behind a proxy in a container: 0.0.0.0.'),
  PORT: option(8080, whole(0, 65_535), 'Port to listen on; 0 takes any free one.'),
  DATA_DIR: option('./data', text, 'Where the SQLite file and generated keys are kept.'),
  DATABASE_URL: option(
    undefined,
    databaseUrl,
    'mysql:// or mariadb:// URL of the production database. Without it, SQLite in the data directory.',
  ),
  DATABASE_POOL: option(10, whole(2, 200), 'Connections to MySQL for reading, and as many for writing.'),
  PUBLIC_URL: option(
    undefined,
    urlOf('https:', 'http:'),
    'The URL devices and people reach this server by, when it is not the address it listens on.',
  ),
  ADMIN_TOKEN: option(
    undefined,
    adminToken,
    'An admin token that works from the start, instead of one generated and printed at the first start.',
  ),
  DEVICE_CA_FILE: option(
    undefined,
    optionalText,
    'PEM file of further authorities whose device identities are accepted, beside those that this server issues itself.',
  ),
  IDENTITY_CA_CERT_FILE: option(
    undefined,
    optionalText,
    'PEM file of an authority of yours that shall issue device identities, with IDENTITY_CA_KEY_FILE. By default one is made at the first start and kept, sealed, in the database.',
  ),
  IDENTITY_CA_KEY_FILE: option(
    undefined,
    optionalText,
    'PEM file of the RSA key of that authority, not encrypted.',
  ),
  IDENTITY_VALIDITY_DAYS: option(
    365,
    whole(1, 3_650),
    'How long the device identities are valid that this server issues.',
  ),
  IDENTITY_RENEWAL_GRACE_DAYS: option(
    30,
    whole(0, 3_650),
    'How long after its end a device identity may still be renewed. It is good for nothing else then.',
  ),
  ORGANIZATION: option(
    'Pomona',
    organization,
    'Name of the organisation, as it stands in the certificates that this server issues.',
  ),
  DEVICE_CLOCK_SKEW_SECONDS: option(
    300,
    whole(0, 86_400),
    'How far the clock of a device, or ours, may be off when its certificate is checked.',
  ),
  CLIENT_CERT_HEADER: option(
    'client-cert',
    (value: string) => value.toLowerCase(),
    'Header in which a trusted proxy passes the client certificate: RFC 9440, or URL-encoded PEM.',
  ),
  TRUSTED_PROXIES: option(
    new BlockList(),
    proxies,
    'Addresses or networks of proxies whose client certificate header is believed. None by default.',
  ),
  MANAGE_NETWORK_USERS: option(
    false,
    flag,
    'Whether network users of Macs are managed (UserAuthenticate), or declined with 410.',
  ),
  AWAITING_TIMEOUT_SECONDS: option(
    1_800,
    whole(1, 86_400),
    'How long a device may wait in Setup Assistant for its workflow to settle before it is let go.',
  ),
  APNS_URL: option(
    'https://api.push.apple.com',
    (value: string) => urlOf('https:')(value) ?? 'https://api.push.apple.com',
    'Address of APNs.',
  ),
  APNS_CERT_FILE: option(
    undefined,
    optionalText,
    'The MDM push certificate, PEM or .p12. Without it the server runs, and pushes end NOT_CONFIGURED.',
  ),
  APNS_KEY_FILE: option(
    undefined,
    optionalText,
    'The key of the push certificate, PEM, when it is not in the certificate file.',
  ),
  APNS_KEY_PASSPHRASE: option(undefined, optionalText, 'Passphrase of the .p12 or of the encrypted key.'),
  APNS_CA_FILE: option(
    undefined,
    optionalText,
    'PEM file of the authorities APNs itself is checked against; for a fake APNs. The system roots by default.',
  ),
  SECRET_KEY: option(
    undefined,
    secretKey,
    'Key that seals unlock and bootstrap tokens, and the key of the device authority: 32 bytes, hexadecimal or base64. Generated into the data directory by default.',
  ),
  HISTORY_DAYS: option(90, whole(1, 3_650), 'How long finished commands and settled pushes are kept.'),
  EVENTS_DAYS: option(7, whole(1, 365), 'How long events are kept for clients that catch up.'),
  CORS_ORIGINS: option(
    [],
    origins,
    'Web origins, separated by commas, whose pages may use the APIs and open the subscription socket (`*`: any). Its own origin always may.',
  ),
  CORS_CREDENTIALS: option(
    false,
    flag,
    'Lets those pages send cookies and the like, for proxies that ask for them. Pomona itself needs none. Not together with `*`.',
  ),
  PRODUCTION: option(false, flag, 'Hides schema suggestions from error messages.'),
  GRAPHQL_INTROSPECTION: option(
    'auto',
    oneOf('auto', 'on', 'off'),
    'Who may introspect: all (`on`), nobody (`off`); `auto` asks for a token in production. `/schema.graphql` is always there.',
  ),
  GRAPHQL_POINTS_PER_MINUTE: option(
    3_000_000,
    whole(0, 1_000_000_000),
    'Points a token may spend on GraphQL in a minute (docs/limits.md); 0 counts none.',
  ),
  GRAPHQL_QUERY_TIMEOUT_SECONDS: option(
    15,
    whole(1, 3_600),
    'How long a GraphQL query may take, or what a subscription tells of one event.',
  ),
  GRAPHQL_MUTATION_TIMEOUT_SECONDS: option(60, whole(1, 3_600), 'How long a GraphQL mutation may take.'),
  TRUSTED_DOCUMENTS_FILE: option(
    undefined,
    optionalText,
    'JSON file of GraphQL documents that clients may send the hash of: {"<sha256>": "query …"}.',
  ),
  TRUSTED_DOCUMENTS_ONLY: option(
    false,
    flag,
    'Runs no GraphQL documents but those of that file, introspection included.',
  ),
  METRICS: option(
    'on',
    oneOf('on', 'off'),
    'Whether `/metrics` is served, in the format of Prometheus (docs/operations.md).',
  ),
  METRICS_PUBLIC: option(
    false,
    flag,
    'Serves `/metrics` to anyone who reaches it. Otherwise it takes an API token with the permission `read`.',
  ),
  LOG_LEVEL: option(
    'info',
    oneOf('debug', 'info', 'warn', 'error', 'silent'),
    'Least level of what is logged.',
  ),
} as const;

type Options = typeof OPTIONS;
export type Config = { readonly [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never };

const NAMES = Object.keys(OPTIONS) as (keyof Options)[];
const PREFIX = 'POMONA_';

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
  if ((config.IDENTITY_CA_CERT_FILE === undefined) !== (config.IDENTITY_CA_KEY_FILE === undefined))
    throw new ConfigError(
      'POMONA_IDENTITY_CA_CERT_FILE and POMONA_IDENTITY_CA_KEY_FILE go together: give both, or neither.',
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
    const shown =
      name === 'SECRET_KEY' || name === 'ADMIN_TOKEN' || name === 'DATABASE_URL' ? 'its value' : `"${given}"`;
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
  const list = NAMES.map((one) => PREFIX + one).join(', ');
  throw new ConfigError(`There is no option ${shown}. The options are ${list}.`);
}
