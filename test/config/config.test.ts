import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '../../src/config/index.js';

describe('Configuration', () => {
  it('has defaults for everything', () => {
    const config = loadConfig({}, []);
    expect(config).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 8080,
      DATA_DIR: './data',
      APNS_URL: 'https://api.push.apple.com',
    });
  });

  it.each(['https://apple.example.org', 'http://127.0.0.1:9000', 'http://localhost:1', 'http://[::1]:1'])(
    'takes %s for the address of the device assignment service',
    (url) => expect(loadConfig({ POMONA_DEP_URL: url }, []).DEP_URL).toBe(url),
  );

  it('takes flags over the environment over the file', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'pomona-config-')), 'pomona.json');
    writeFileSync(file, '{"port": 1, "host": "127.0.0.2", "data_dir": "/from-file"}');
    const config = loadConfig({ POMONA_CONFIG: file, POMONA_PORT: '2', POMONA_HOST: '127.0.0.3' }, [
      '--port=3',
    ]);
    expect(config).toMatchObject({ PORT: 3, HOST: '127.0.0.3', DATA_DIR: '/from-file' });
  });

  it.each([
    [{ POMONA_PROT: '8080' }, /There is no option POMONA_PROT\. Did you mean POMONA_PORT\?/],
    [{ POMONA_OIDC_ISSUR: 'https://a.example' }, /Did you mean POMONA_OIDC_ISSUER\? docs\/configuration\.md/],
    [{ POMONA_COFFEE: 'black' }, /There is no option POMONA_COFFEE\. docs\/configuration\.md has all/],
    [{ POMONA_PUBLIC_URL: 'mdm.example.org' }, /starts with https:\/\/ or http:/],
    [{ POMONA_PUBLIC_URL: 'https://mdm.example.org/?a=1' }, /without user name, \? and #/],
    [{ POMONA_PUBLIC_URL: 'https://me:word@mdm.example.org' }, /without user name, \? and #/],
    [{ POMONA_PORT: 'http' }, /POMONA_PORT: "http" will not do; it has to be a whole number from 0 to 65535/],
    [{ POMONA_PORT: '70000' }, /whole number/],
    [{ POMONA_DATABASE_URL: 'postgres://x/y' }, /starts with mysql:\/\/ or mariadb:/],
    [{ POMONA_DATABASE_URL: 'mysql://root@localhost' }, /ends with the name of the database/],
    [{ POMONA_SECRET_KEY: 'short' }, /32 bytes/],
    [{ POMONA_ADMIN_TOKEN: 'short' }, /16 to 512 characters/],
    [{ POMONA_TRUSTED_PROXIES: 'proxy.local' }, /IP addresses or networks/],
    [{ POMONA_TRUSTED_PROXIES: '10.0.0.0/40' }, /whole number from 0 to 32/],
    [{ POMONA_APNS_URL: 'http://127.0.0.1' }, /starts with https/],
    [{ POMONA_LOG_LEVEL: 'loud' }, /one of debug, info/],
    [{ POMONA_PRODUCTION: 'yes' }, /true or false/],
    [{ POMONA_CORS_ORIGINS: 'https://a.example/' }, /no slash at the end/],
    [{ POMONA_CORS_ORIGINS: 'https://a.example,*' }, /\* alone/],
    [{ POMONA_DEP_URL: 'http://mdmenrollment.apple.com' }, /POMONA_DEP_URL has to start with https/],
    [{ POMONA_DEP_URL: 'http://127.0.0.1.example.org' }, /POMONA_DEP_URL has to start with https/],
    [{ POMONA_CORS_ORIGINS: '*', POMONA_CORS_CREDENTIALS: 'true' }, /name the origins/],
    [{ POMONA_TRUSTED_DOCUMENTS_ONLY: 'true' }, /needs POMONA_TRUSTED_DOCUMENTS_FILE/],
    [{ POMONA_GRAPHQL_QUERY_TIMEOUT_SECONDS: '0' }, /whole number from 1/],
    [{ POMONA_GRAPHQL_INTROSPECTION: 'sometimes' }, /one of auto, on, off/],
    [{ POMONA_CONFIG: '/nowhere.json' }, /cannot be read/],
  ])('refuses %j in words', (environment, words) => {
    expect(() => loadConfig(environment, [])).toThrow(ConfigError);
    expect(() => loadConfig(environment, [])).toThrow(words);
  });

  it('never repeats a secret in a refusal', () => {
    expect(() => loadConfig({ POMONA_ADMIN_TOKEN: 'hunter2' }, [])).not.toThrow(/hunter2/);
    expect(() => loadConfig({ POMONA_DATABASE_URL: 'postgres://user:hunter2@x/y' }, [])).not.toThrow(
      /hunter2/,
    );
  });

  it('knows the networks of proxies', () => {
    const { TRUSTED_PROXIES } = loadConfig(
      { POMONA_TRUSTED_PROXIES: '10.0.0.5, 192.168.0.0/16, fd00::/8' },
      [],
    );
    expect(TRUSTED_PROXIES.check('192.168.3.4', 'ipv4')).toBe(true);
    expect(TRUSTED_PROXIES.check('10.0.0.6', 'ipv4')).toBe(false);
    expect(TRUSTED_PROXIES.check('fd12::1', 'ipv6')).toBe(true);
  });
});
