import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/index.js';
import { AccountDrivenMode } from '../../src/entities/sign-in.js';
import { admit, type AdmissionRules } from '../../src/services/sign-in/admission.js';

const load = (given: Record<string, string>) =>
  loadConfig(
    Object.fromEntries(Object.entries(given).map(([name, value]) => [`POMONA_OIDC_${name}`, value])),
    [],
  );
const BOTH = { ISSUER: 'https://login.example.org/', CLIENT_ID: 'pomona' };

describe('Options of the OpenID provider', () => {
  it('are read as they are meant', () => {
    const given = { SCOPES: ' openid  profile ', ALLOWED_DOMAINS: 'Example.ORG, xn--bcher-kva.example,' };
    expect(load({ ...BOTH, ...given, REQUIRED_CLAIM: 'groups=a=b' })).toMatchObject({
      OIDC_ISSUER: 'https://login.example.org/',
      OIDC_SCOPES: 'openid profile',
      OIDC_APPLE_ID_CLAIM: 'email',
      OIDC_ALLOWED_DOMAINS: ['example.org', 'xn--bcher-kva.example'],
      OIDC_REQUIRED_CLAIM: { name: 'groups', value: 'a=b' },
    });
    for (const ISSUER of ['http://127.0.0.1:1', 'http://localhost:8080/realms/a', 'http://[::1]:80'])
      expect(load({ ...BOTH, ISSUER }).OIDC_ISSUER).toBe(ISSUER);
  });

  it.each<[Record<string, string>, RegExp]>([
    [{ ...BOTH, ISSUER: 'http://login.example.org' }, /OIDC_ISSUER.*https/],
    [{ ...BOTH, ISSUER: 'http://127.0.0.1.example.org' }, /OIDC_ISSUER.*https/],
    [{ ...BOTH, ISSUER: 'login.example.org' }, /OIDC_ISSUER.*https/],
    [{ ...BOTH, ISSUER: 'https://login.example.org/?a=b' }, /OIDC_ISSUER.*without/],
    [{ ISSUER: BOTH.ISSUER }, /go together/],
    [{ CLIENT_ID: 'pomona' }, /go together/],
    [{ ...BOTH, CLIENT_SECRET: 'a', CLIENT_SECRET_FILE: 'b' }, /not both/],
    [{ CLIENT_SECRET: 'a' }, /needs POMONA_OIDC_ISSUER/],
    [{ REQUIRED_IN_SETUP: 'true' }, /REQUIRED_IN_SETUP needs POMONA_OIDC_ISSUER/],
    [{ ...BOTH, SCOPES: 'email' }, /OIDC_SCOPES.*openid/],
    [{ ...BOTH, ALLOWED_DOMAINS: '@example.org' }, /OIDC_ALLOWED_DOMAINS.*no @/],
    [{ ...BOTH, REQUIRED_CLAIM: 'groups' }, /OIDC_REQUIRED_CLAIM.*a claim and its value/],
    [{ ...BOTH, APPLE_ID_CLAIM: 'e mail' }, /OIDC_APPLE_ID_CLAIM/],
  ])('that will not do stop the start: %j', (given, words) => {
    expect(() => load(given)).toThrow(words);
  });
});

describe('Who is admitted', () => {
  const { BYOD } = AccountDrivenMode;
  const rules: AdmissionRules = { appleIdClaim: 'upn', allowedDomains: [], requiredClaim: undefined };
  const claims = { iss: 'https://login.example.org', sub: '1', upn: 'Anna@Example.org' };

  it('is recorded as the provider calls them', () => {
    expect(admit({ ...claims, email: 'a@home.example' }, rules, BYOD)).toEqual({
      issuer: 'https://login.example.org',
      subject: '1',
      userName: 'a@home.example',
      managedAppleId: 'Anna@Example.org',
    });
    expect(admit(claims, { ...rules, allowedDomains: ['example.org'] }, BYOD)).toMatchObject({
      subject: '1',
    });
  });

  it.each<[string, object, Partial<AdmissionRules>]>([
    ['no text', { upn: 5 }, {}],
    ['a list', { upn: ['anna@example.org'] }, {}],
    ['no address', { upn: 'anna' }, {}],
    ['two lines', { upn: 'anna@example.org\nX: y' }, {}],
    ['too long', { upn: `${'a'.repeat(250)}@example.org` }, {}],
    ['a subject too long', { sub: 'a'.repeat(256) }, {}],
    ['a number where a claim is required', { n: 1 }, { requiredClaim: { name: 'n', value: '1' } }],
    [
      'a claim that contains what is required',
      { g: 'xowners' },
      { requiredClaim: { name: 'g', value: 'owners' } },
    ],
    ['a claim of an object', { g: { owners: true } }, { requiredClaim: { name: 'g', value: 'owners' } }],
    ['unverified, oddly', { email_verified: 'no' }, {}],
  ])('not with %s', (_what, more, other) => {
    expect(admit({ ...claims, ...more }, { ...rules, ...other }, BYOD)).toHaveProperty('refused');
  });

  it('in Setup Assistant also without an account of Apple’s, unless domains are listed', () => {
    const { upn: _upn, ...nobody } = claims;
    expect(admit(nobody, rules, 'SETUP')).toMatchObject({ userName: '1', managedAppleId: null });
    expect(admit({ ...nobody, preferred_username: 'anna' }, rules, 'SETUP')).toMatchObject({
      userName: 'anna',
    });
    expect(admit(claims, rules, 'SETUP')).toMatchObject({
      userName: 'Anna@Example.org',
      managedAppleId: null,
    });
    const listed = { ...rules, allowedDomains: ['example.org'] };
    expect(admit(nobody, listed, 'SETUP')).toHaveProperty('refused');
    expect(admit({ ...claims, upn: 'anna@example.net' }, listed, 'SETUP')).toHaveProperty('refused');
    expect(admit({ ...claims, email_verified: false }, rules, 'SETUP')).toHaveProperty('refused');
    expect(admit(claims, listed, 'SETUP')).toHaveProperty('userName');
  });
});
