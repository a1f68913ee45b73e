import { BlockList } from 'node:net';
import {
  adminToken,
  databaseUrl,
  flag,
  oneOf,
  optionalPort,
  optionalText,
  organization,
  origins,
  paths,
  proxies,
  publicUrl,
  secretKey,
  secretKeys,
  text,
  urlOf,
  whole,
} from './parsers.js';
import { claimName, domains, issuer, requiredClaim, scopes } from './sign-in.js';

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
  HOST: option(
    '127.0.0.1',
    text,
    'Address to listen on; 0.0.0.0 for all. Another than loopback needs TLS, or PLAIN_HTTP.',
  ),
  PORT: option(8080, whole(0, 65_535), 'Port to listen on; 0 takes any free one.'),
  TLS_CERT_FILE: option(
    undefined,
    optionalText,
    'PEM file of the certificate to answer https with, followed by those above it. Read again when it changes (docs/tls.md).',
  ),
  TLS_KEY_FILE: option(undefined, optionalText, 'PEM file of the key of that certificate.'),
  TLS_KEY_PASSPHRASE: option(undefined, optionalText, 'Passphrase of that key, when it is encrypted.'),
  PLAIN_HTTP: option(
    'loopback',
    oneOf('loopback', 'allow'),
    'Where plain HTTP is answered: on loopback, or anywhere (`allow`), for a proxy that ends TLS.',
  ),
  DEVICE_PORT: option(
    undefined,
    optionalPort,
    'Port of a listener for devices alone; the other one then answers people and programs alone. Without it, all come to one.',
  ),
  DEVICE_HOST: option(
    undefined,
    optionalText,
    'Address that listener listens on, when it is another than HOST.',
  ),
  DEVICE_CLIENT_CERTS: option(
    'off',
    oneOf('off', 'ask'),
    'Whether that listener asks devices for their certificate when they connect by TLS (`ask`). Most sign their messages instead.',
  ),
  DATA_DIR: option('./data', text, 'Where the SQLite file and generated keys are kept.'),
  DATABASE_URL: option(
    undefined,
    databaseUrl,
    'mysql:// or mariadb:// URL of the production database. Without it, SQLite in the data directory.',
  ),
  DATABASE_POOL: option(10, whole(2, 200), 'Connections to MySQL for reading, and as many for writing.'),
  PUBLIC_URL: option(
    undefined,
    publicUrl,
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
  APPLE_DEVICE_CA_FILE: option(
    undefined,
    optionalText,
    "PEM file of the authorities whose certificates Apple devices sign with before they are enrolled, in place of Apple's own; for simulated devices.",
  ),
  IDENTITY_CA_CERT_FILE: option(
    undefined,
    optionalText,
    'An authority of yours that shall issue device identities: PEM, with the authorities above it when it is an intermediate one, or .p12. By default one is made at the first start and kept, sealed, in the database.',
  ),
  IDENTITY_CA_KEY_FILE: option(
    undefined,
    optionalText,
    'The RSA key of that authority, PEM, when it is not in the same file.',
  ),
  IDENTITY_CA_KEY_PASSPHRASE: option(
    undefined,
    optionalText,
    'Passphrase of that .p12 or of the encrypted key.',
  ),
  PROFILE_SIGNING_CERT_FILE: option(
    undefined,
    optionalText,
    'Certificate that enrollment profiles are signed with: PEM with its chain, or .p12. Without it they are not signed.',
  ),
  PROFILE_SIGNING_KEY_FILE: option(
    undefined,
    optionalText,
    'The key of that certificate, PEM, when it is not in the same file.',
  ),
  PROFILE_SIGNING_KEY_PASSPHRASE: option(
    undefined,
    optionalText,
    'Passphrase of that .p12 or of the encrypted key.',
  ),
  IDENTITY_VALIDITY_DAYS: option(
    365,
    whole(1, 3_650),
    'How long the device identities are valid that this server issues.',
  ),
  IDENTITY_RENEWAL_DAYS: option(
    30,
    whole(0, 3_650),
    'How long before its end a device identity is renewed, by sending the device its enrolment profile again; at most a third of its validity, whatever is given. 0: never by itself. Holds for identities that are issued from then on.',
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
    'Addresses or networks of proxies whose client certificate header and X-Forwarded-For are believed. None by default.',
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
    'The MDM push certificate, PEM or .p12; read again when it changes. Without it the one counts that was uploaded (docs/push-certificate.md); without either, pushes end NOT_CONFIGURED.',
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
  PUSH_VENDOR_CERT_FILE: option(
    undefined,
    optionalText,
    'For MDM vendors: PEM file of the MDM CSR signing certificate with the authorities above it, up to the root of Apple. With it this server signs its requests for push certificates (docs/push-certificate.md).',
  ),
  PUSH_VENDOR_KEY_FILE: option(
    undefined,
    optionalText,
    'PEM file of the RSA key of that certificate, not encrypted.',
  ),
  DEP_URL: option(
    'https://mdmenrollment.apple.com',
    (value: string) => urlOf('https:', 'http:')(value) ?? 'https://mdmenrollment.apple.com',
    "Address of Apple's device assignment service (Automated Device Enrollment); another one is a stand-in.",
  ),
  DEP_PROTOCOL_VERSION: option(
    10,
    whole(1, 99),
    'X-Server-Protocol-Version: which keys that service understands and sends.',
  ),
  DEP_SYNC_MINUTES: option(
    30,
    whole(1, 1_440),
    'Time between syncs with Apple Business Manager, a fifth more or less.',
  ),
  SECRET_KEY: option(
    undefined,
    secretKey,
    'Key that seals what must not be readable in the database (docs/secrets.md): 32 bytes, hexadecimal or base64. Generated into the data directory by default.',
  ),
  SECRET_KEY_FILE: option(
    undefined,
    optionalText,
    'File with that key, for example a mounted secret: hexadecimal, base64, or 32 bytes as they are. In place of SECRET_KEY.',
  ),
  SECRET_KEY_FORMER: option(
    [],
    secretKeys,
    'Former keys, separated by commas, that still open what they sealed, until `npm run rotate-key` has sealed it anew.',
  ),
  SECRET_KEY_FORMER_FILE: option(
    [],
    paths,
    'Files with former keys, separated by commas, written as in SECRET_KEY_FILE.',
  ),
  OIDC_ISSUER: option(
    undefined,
    issuer,
    'Where people sign in to enrol a device with their account (docs/account-driven-enrollment.md): the issuer of an OpenID provider, as in https://login.example.org. Without it nobody enrols so.',
  ),
  OIDC_CLIENT_ID: option(undefined, optionalText, 'What that provider calls this server.'),
  OIDC_CLIENT_SECRET: option(
    undefined,
    optionalText,
    'The secret that the provider gave this server; without one it is a public client, and PKCE alone protects it.',
  ),
  OIDC_CLIENT_SECRET_FILE: option(
    undefined,
    optionalText,
    'File with that secret, for example a mounted one. In place of OIDC_CLIENT_SECRET.',
  ),
  OIDC_SCOPES: option(
    'openid email profile',
    scopes,
    'Scopes that the provider is asked for, separated by spaces; `openid` has to be among them.',
  ),
  OIDC_APPLE_ID_CLAIM: option(
    'email',
    claimName,
    'The claim that holds the Managed Apple Account of a person, as in email or preferred_username.',
  ),
  OIDC_ALLOWED_DOMAINS: option(
    [],
    domains,
    'Domains, separated by commas, whose accounts may enrol devices. None: all that the provider lets sign in.',
  ),
  OIDC_REQUIRED_CLAIM: option(
    undefined,
    requiredClaim,
    'What an account has to say to enrol devices, as in groups=device-owners: the claim has this value, or has it among its values.',
  ),
  OIDC_REQUIRED_IN_SETUP: option(
    false,
    flag,
    'Lets devices enrol from Setup Assistant only after somebody signed in there, in its web view (docs/enrollment.md): `configuration_web_url` has to be set at Apple, and /mdm/enroll/dep gives no profile any more.',
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
