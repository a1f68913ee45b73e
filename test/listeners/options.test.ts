import { describe, expect, it } from 'vitest';
import { ConfigError, isLoopback, loadConfig } from '../../src/config/index.js';

const load = (options: Record<string, string>) =>
  loadConfig(
    Object.fromEntries(Object.entries(options).map(([name, value]) => [`POMONA_${name}`, value])),
    [],
  );
const FILES = { TLS_CERT_FILE: '/etc/server.pem', TLS_KEY_FILE: '/etc/server.key' };

describe('Options of the listeners', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ TLS_CERT_FILE: '/x' }, /POMONA_TLS_CERT_FILE and POMONA_TLS_KEY_FILE go together/],
    [{ TLS_KEY_FILE: '/x' }, /go together/],
    [{ TLS_KEY_PASSPHRASE: 'x' }, /passphrase of POMONA_TLS_KEY_FILE, which is not given/],
    [{ HOST: '0.0.0.0' }, /POMONA_HOST: "0.0.0.0" is reached .*TLS_CERT_FILE.*, or POMONA_PLAIN_HTTP=allow/],
    [{ HOST: '::' }, /plain HTTP is answered on loopback only/],
    [{ HOST: '' }, /plain HTTP is answered on loopback only/],
    [{ HOST: '10.0.0.1' }, /POMONA_HOST: "10.0.0.1"/],
    [{ HOST: 'mdm.example.org' }, /POMONA_HOST: "mdm.example.org"/],
    [{ DEVICE_PORT: '8443', DEVICE_HOST: '0.0.0.0' }, /POMONA_DEVICE_HOST: "0.0.0.0"/],
    [{ DEVICE_PORT: '8443', DEVICE_HOST: '127.0.0.1', HOST: '0.0.0.0' }, /POMONA_HOST: "0.0.0.0"/],
    [{ PLAIN_HTTP: 'yes' }, /one of loopback, allow/],
    [{ DEVICE_PORT: 'x' }, /whole number from 0 to 65535/],
    [{ DEVICE_PORT: '8080' }, /has to be another port than POMONA_PORT, which is 8080 too/],
    [{ DEVICE_HOST: '127.0.0.1' }, /POMONA_DEVICE_HOST needs POMONA_DEVICE_PORT/],
    [{ DEVICE_CLIENT_CERTS: 'ask', ...FILES }, /needs POMONA_DEVICE_PORT: .*browsers would be asked/],
    [{ DEVICE_CLIENT_CERTS: 'ask', DEVICE_PORT: '8443' }, /needs POMONA_TLS_CERT_FILE and/],
  ])('%j is refused in words', (options, words) => {
    expect(() => load(options)).toThrow(ConfigError);
    expect(() => load(options)).toThrow(words);
  });

  it.each<[Record<string, string>]>([
    [{}],
    [{ HOST: '127.8.9.10' }],
    [{ HOST: '::1' }],
    [{ HOST: 'localhost' }],
    [{ HOST: '0.0.0.0', PLAIN_HTTP: 'allow' }],
    [{ HOST: '0.0.0.0', ...FILES, TLS_KEY_PASSPHRASE: 'x' }],
    [{ TLS_CERT_FILE: '', TLS_KEY_FILE: '', DEVICE_PORT: '', DEVICE_HOST: '' }],
    [{ DEVICE_PORT: '8080', DEVICE_HOST: '127.0.0.2' }],
    [{ DEVICE_PORT: '0', PORT: '0' }],
    [{ DEVICE_PORT: '8443', DEVICE_CLIENT_CERTS: 'ask', ...FILES }],
  ])('%j will do', (options) => {
    expect(() => load(options)).not.toThrow();
  });

  it.each([
    ['127.0.0.1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['LOCALHOST', true],
    ['127.1', false],
    ['127.0.0.1.example.org', false],
    ['::ffff:10.0.0.1', false],
    ['128.0.0.1', false],
  ])('%s is loopback: %s', (host, is) => {
    expect(isLoopback(host)).toBe(is);
  });
});
