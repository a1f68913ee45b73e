import { expect, it } from 'vitest';
import { Browser, type Landing } from '../../simulator/device/index.js';
import { newSigningKey, signedToken, unsignedToken, type Misconduct } from '../../simulator/oidc/index.js';
import { onBothDatabases } from '../support/databases.js';
import { useAccounts, USER } from './kit.js';

const MINUTE = 60;

onBothDatabases('Sign-ins that are not what they seem enrol nothing', (name) => {
  const accounts = useAccounts(name, {
    OIDC_ALLOWED_DOMAINS: 'example.org, example.com',
    OIDC_REQUIRED_CLAIM: 'groups=device-owners',
  });
  const owner = { sub: 'anna', email: USER, email_verified: true, groups: ['staff', 'device-owners'] };

  /** Opens the web view; nothing that could be used to enrol may come of it. */
  const refused = async (open: () => Promise<Landing>): Promise<string> => {
    await accounts.offer('BYOD');
    accounts.provider.person = { ...owner, ...accounts.provider.person, groups: owner.groups };
    const before = await accounts.permits();
    const landing = await open();
    expect(landing.url.protocol).toBe('http:');
    expect(landing.status).toBeGreaterThanOrEqual(400);
    expect(await accounts.permits()).toBe(before);
    return `${landing.status} ${landing.body}`;
  };
  const signIn = (): Promise<Landing> => accounts.flow().openWebView(accounts.signInUrl('BYOD'));

  it('with nothing wrong about them they do (what follows would mean nothing otherwise)', async () => {
    await accounts.offer('BYOD');
    accounts.provider.person = owner;
    expect(await accounts.token('BYOD')).toMatch(/^[\w-]{43}$/);
  });

  const hour = 3_600;
  const now = Math.floor(Date.now() / 1_000);
  const otherKey = newSigningKey();
  it.each<[string, Misconduct]>([
    ['of another issuer', { claims: { iss: 'https://login.example.org' } }],
    ['for another client', { claims: { aud: 'somebody-else' } }],
    [
      'for another client as well, by the word of that one',
      { claims: { aud: ['pomona', 'else'], azp: 'else' } },
    ],
    ['that has expired', { claims: { iat: now - 2 * hour, exp: now - hour } }],
    ['that never expires', { claims: { exp: undefined } }],
    ['of another sign-in (nonce)', { claims: { nonce: 'A'.repeat(43) } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['that nobody signed (alg none)', { idToken: unsignedToken }],
    ['signed with a key that is not the provider’s', { idToken: (claims) => signedToken(claims, otherKey) }],
    [
      'signed with another key that says it is the provider’s',
      {
        idToken: (claims) =>
          signedToken(claims, { ...otherKey, jwk: { ...otherKey.jwk, kid: accounts.provider.key.jwk.kid } }),
      },
    ],
    ['whose claims were changed after they were signed', { idToken: altered }],
    ['that is none', { idToken: () => 'not.a.token' }],
    ['left out', { token: { status: 200, body: { access_token: 'x', token_type: 'Bearer' } } }],
    ['refused by the provider', { token: { status: 400, body: { error: 'invalid_grant' } } }],
  ])('an ID token %s', async (_what, misconduct) => {
    accounts.provider.misconduct = misconduct;
    expect(await refused(signIn)).toContain('403');
  });

  function altered(claims: object): string {
    const [header, , signature] = signedToken(claims, accounts.provider.key).split('.');
    const other = Buffer.from(JSON.stringify({ ...claims, email: 'chief@example.org' })).toString(
      'base64url',
    );
    return `${header}.${other}.${signature}`;
  }

  it.each<[string, (parameters: URLSearchParams) => void]>([
    ['of another provider (RFC 9207, mix-up)', (back) => back.set('iss', 'https://login.example.net')],
    ['that does not say of which provider it is', (back) => back.delete('iss')],
    ['without a code', (back) => back.delete('code')],
    ['with a code that was not given out', (back) => back.set('code', 'made-up')],
    ['with a state that was not given out', (back) => back.set('state', 'A'.repeat(43))],
    ['without a state', (back) => back.delete('state')],
    ['with two states', (back) => back.append('state', 'B'.repeat(43))],
    ['with two codes', (back) => back.append('code', 'another')],
  ])('an answer %s', async (_what, answer) => {
    accounts.provider.misconduct = { answer };
    expect(await refused(signIn)).toMatch(/^40[03] /);
  });

  it.each<[string, object, string]>([
    ['of a domain that is not allowed', { email: 'anna@example.net' }, 'accounts of example.net'],
    ['of a domain that ends like an allowed one', { email: 'anna@notexample.org' }, 'notexample.org'],
    ['of a domain below an allowed one', { email: 'anna@evil.example.org' }, 'evil.example.org'],
    ['that names an allowed domain and another', { email: 'anna@example.org@evil.net' }, 'tells no address'],
    ['whose address was not verified', { email_verified: false }, 'has not been verified'],
    ['whose address was not verified, in text', { email_verified: 'false' }, 'has not been verified'],
    ['without an address', { email: undefined }, 'tells no address'],
  ])('a person %s', async (_what, person, words) => {
    accounts.provider.person = { ...owner, ...person };
    const shown = await refused(signIn);
    expect(shown).toContain(words);
    expect(shown).toContain('403');
  });

  it('a person who has not the claim that is required', async () => {
    await accounts.offer('BYOD');
    accounts.provider.person = { ...owner, groups: ['staff', 'device-owners-of-old'] };
    const before = await accounts.permits();
    expect(await signIn()).toMatchObject({
      status: 403,
      body: expect.stringContaining('not among those that may'),
    });
    expect(await accounts.permits()).toBe(before);
    expect(await accounts.alerts()).toContainEqual(
      expect.objectContaining({ alert: 'ENROLLMENT_REFUSED', message: 'sign-in', claimed: 'anna' }),
    );
  });

  /** The address that the provider sends a browser back to, not opened. */
  const callbackOf = async (browser: Browser): Promise<URL> => {
    await accounts.offer('BYOD');
    accounts.provider.person = owner;
    const begun = await browser.visit(new URL(accounts.signInUrl('BYOD')));
    const back = await browser.visit(new URL(begun.headers.get('location') ?? ''));
    return new URL(back.headers.get('location') ?? '');
  };

  it('an answer that is replayed, also in the same browser', async () => {
    const browser = new Browser();
    const callback = await callbackOf(browser);
    expect((await browser.visit(callback)).status).toBe(308);
    expect(await refused(() => browser.open(callback))).toContain('400');
  });

  it('an answer to a sign-in that was begun in another browser', async () => {
    const [hers, his] = [new Browser(), new Browser()];
    const callback = await callbackOf(his);
    expect(await refused(() => hers.open(callback))).toContain('400');
    await callbackOf(hers);
    expect(await refused(() => hers.open(callback))).toContain('400');
    // His own is still good: nobody else can use it up.
    expect((await his.visit(callback)).status).toBe(308);
  });

  it('an answer that comes too late', async () => {
    const browser = new Browser();
    const callback = await callbackOf(browser);
    accounts.mdm.advance(10 * MINUTE);
    expect(await refused(() => browser.open(callback))).toContain('400');
  });

  it('the code of another sign-in: PKCE ties it to the browser that began it', async () => {
    const [hers, his] = [new Browser(), new Browser()];
    const mine = await callbackOf(his);
    const other = await callbackOf(hers);
    mine.searchParams.set('code', other.searchParams.get('code') ?? '');
    expect(await refused(() => his.open(mine))).toContain('403');
  });

  it('what the provider says of a failure is shown as text, and only to whom it was said', async () => {
    accounts.provider.misconduct = {
      answer: (back) => {
        back.delete('code');
        back.set('error', 'access_denied');
        back.set('error_description', '"><script>alert(1)</script><img src=x onerror=alert(2)>');
      },
    };
    const page = await refused(signIn);
    expect(page).toContain('403');
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<script|<img/);
    const lure = new URL(
      '/enroll/account/callback?error=x&error_description=Call+0900&state=x',
      accounts.mdm.app.url,
    );
    expect(await refused(() => new Browser().open(lure))).not.toContain('0900');
  });

  it('nothing in an address leads the browser elsewhere', async () => {
    await accounts.offer('BYOD');
    const lures = ['redirect_uri', 'url', 'next', 'return_to', 'user-identifier', 'state', 'login_hint'];
    for (const lure of lures) {
      const url = new URL(accounts.signInUrl('BYOD'));
      url.searchParams.set(lure, 'https://evil.example.net/');
      const begun = await new Browser().visit(url);
      const location = new URL(begun.headers.get('location') ?? '');
      expect(location.origin).toBe(accounts.provider.issuer);
      expect(location.searchParams.get('redirect_uri')).toBe(
        `${accounts.mdm.app.url}/enroll/account/callback`,
      );
    }
    const elsewhere = await fetch(accounts.signInUrl('BYOD'), {
      redirect: 'manual',
      headers: {
        'x-forwarded-host': 'evil.example.net',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil',
      },
    });
    expect(elsewhere.headers.get('location')).not.toContain('evil');
  });

  it('no state, cookie or token is in the database, nor in what is told', async () => {
    const browser = new Browser();
    const callback = await callbackOf(browser);
    const token = accounts.flow().tokenIn(await browser.open(callback));
    const rows = JSON.stringify([
      await accounts.mdm.query('SELECT * FROM sign_ins'),
      await accounts.mdm.query('SELECT * FROM events'),
    ]);
    for (const secret of [token, callback.searchParams.get('state'), callback.searchParams.get('code')])
      expect(rows).not.toContain(secret);
  });
});
