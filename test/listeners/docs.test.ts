import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig, OPTIONS } from '../../src/config/index.js';

const page = readFileSync('docs/tls.md', 'utf8');

/** The fenced blocks of a language. */
const blocks = (language: string): string[] =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, block = '']) => block);

const variablesIn = (block: string): Record<string, string> =>
  Object.fromEntries(
    [...block.matchAll(/(POMONA_\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );

describe('docs/tls.md', () => {
  it('names options that exist, and every one of the listeners', () => {
    const named = new Set([...page.matchAll(/POMONA_([A-Z_]+)/g)].map(([, name = '']) => name));
    expect([...named].filter((name) => !Object.keys(OPTIONS).includes(name))).toEqual([]);
    const ours = Object.keys(OPTIONS).filter((name) =>
      /^(TLS|DEVICE)_|^PLAIN_HTTP$|PROXIES|CERT_HEADER/.test(name),
    );
    expect(ours.filter((name) => !named.has(name) && name !== 'DEVICE_CLOCK_SKEW_SECONDS')).toEqual([]);
  });

  it('shows settings that a start takes, each by itself', () => {
    const shown = blocks('sh').map(variablesIn);
    expect(shown.length).toBeGreaterThan(4);
    for (const variables of shown) expect(() => loadConfig(variables, [])).not.toThrow();
  });

  it('has proxies write the certificate into the header that is read', () => {
    const { CLIENT_CERT_HEADER } = loadConfig({}, []);
    for (const [language, header] of [
      ['nginx', /proxy_set_header (\S+) \$ssl_client_escaped_cert;/],
      ['caddyfile', /header_up (\S+) \{http\.request\.tls\.client\.certificate_der_base64\}/],
    ] as const)
      expect(header.exec(blocks(language)[0] ?? '')?.[1]?.toLowerCase()).toBe(CLIENT_CERT_HEADER);
    expect(page).toContain('with `POMONA_CLIENT_CERT_HEADER=x-forwarded-tls-client-cert`');
    expect(parse(blocks('yaml')[0] ?? '')).toHaveProperty(
      'http.middlewares.device-certificate.passTLSClientCert.pem',
      true,
    );
  });
});
