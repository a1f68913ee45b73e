import type { Clock } from '../clock.js';
import { ConfigError, type Config } from '../config/index.js';
import type { Database } from '../database/index.js';
import type { Logger } from '../log.js';
import { readText } from '../provided/files.js';
import type { Alerts } from '../services/alerts.js';
import { OpenIdProvider, type ProviderOptions } from '../services/sign-in/provider.js';
import { SignIns } from '../services/sign-in/sign-ins.js';

/** The OpenID provider that the operator names, with the secret from its file; undefined when none is. Throws ConfigError. */
export function readProvider(config: Config): ProviderOptions | undefined {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_SCOPES: scopes } = config;
  const file = readText(config.OIDC_CLIENT_SECRET_FILE, 'OIDC_CLIENT_SECRET_FILE')?.trim();
  if (file === '') throw new ConfigError('POMONA_OIDC_CLIENT_SECRET_FILE: the file is empty.');
  if (issuer === undefined || clientId === undefined) return undefined;
  return { issuer, clientId, clientSecret: config.OIDC_CLIENT_SECRET ?? file, scopes };
}

interface House {
  readonly database: Database;
  readonly alerts: Alerts;
  readonly publicUrl: () => string;
  readonly log: Logger;
  readonly now: Clock;
}

/** Sign-ins at that provider. */
export function openSignIns(provider: ProviderOptions, config: Config, house: House): SignIns {
  const { database, alerts, publicUrl, log, now } = house;
  return new SignIns(
    database,
    new OpenIdProvider(provider, log, now),
    {
      appleIdClaim: config.OIDC_APPLE_ID_CLAIM,
      allowedDomains: config.OIDC_ALLOWED_DOMAINS,
      requiredClaim: config.OIDC_REQUIRED_CLAIM,
    },
    alerts,
    () => `${publicUrl().replace(/\/$/, '')}/enroll/account/callback`,
    now,
  );
}
