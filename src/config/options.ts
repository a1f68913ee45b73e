import { BlockList } from 'node:net';
import {
  adminToken,
  databaseUrl,
  flag,
  oneOf,
  optionalText,
  organization,
  origins,
  proxies,
  secretKey,
  text,
  urlOf,
  whole,
} from './parsers.js';

/** One option: where its value comes from is the same for all (flag over environment over file over default). */
export interface Option<T> {
  /** What stands in the documentation. */
  readonly help: string;
  readonly fallback: T;
  /** Reads a value, or throws a sentence that says what would be right. */
  readonly parse: (text: string) => T;
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
