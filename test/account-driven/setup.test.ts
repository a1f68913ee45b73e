import { afterAll, expect, it } from 'vitest';
import {
  Browser,
  deviceByWebView,
  LinkError,
  machineInfo,
  pressButton,
  signAttributes,
  signInLinkIn,
  type Landing,
} from '../../simulator/device/index.js';
import { factsBefore } from '../../simulator/device/machine-info.js';
import { readProfile } from '../../simulator/device/profile.js';
import { EventType } from '../../src/events/index.js';
import { closeKept, keep, refusals, serve, tokenOf } from '../enrollment/apple.js';
import { onBothDatabases } from '../support/databases.js';
import { apple, useAccounts, USER } from './kit.js';

const MINUTE = 60;

onBothDatabases('Somebody signs in before a device is set up', (name) => {
  const accounts = useAccounts(name, {
    OIDC_REQUIRED_IN_SETUP: 'true',
    ADMIN_TOKEN: 'a-token-of-sixteen',
    OIDC_ALLOWED_DOMAINS: 'example.org',
  });
  afterAll(closeKept);

  const webUrl = (): string => `${accounts.mdm.app.url}/enroll/setup`;
  let count = 0;
  /** A serial number that enrols. */
  const known = async (): Promise<string> => {
    const serialNumber = `DMPSIGN${name.toUpperCase()}${(count += 1)}`;
    await serve(accounts.mdm, { allowedSerialNumbers: [serialNumber], organization: 'Orchard' });
    return serialNumber;
  };
  const signed = (serialNumber: string): Buffer =>
    signAttributes(machineInfo(factsBefore({ serialNumber })), apple);
  /** The first page of a web view. */
  const begin = async (browser: Browser, serialNumber?: string): Promise<Landing> =>
    browser.open(webUrl(), {
      'x-apple-aspen-deviceinfo': signed(serialNumber ?? (await known())).toString('base64'),
    });
  /** Where its button leads. */
  const linkOf = ({ body }: Landing): URL => new URL(signInLinkIn(body) ?? 'about:blank');
  /** The page after it: with the button for the profile when all went well. */
  const signIn = (browser: Browser, page: Landing): Promise<Landing> => browser.open(linkOf(page));
  /** Where the provider sends the browser back to, not opened. */
  const callbackOf = async (browser: Browser, page: Landing): Promise<URL> => {
    const begun = await browser.visit(linkOf(page));
    const back = await browser.visit(new URL(begun.headers.get('location') ?? ''));
    return new URL(back.headers.get('location') ?? '');
  };
  const fieldsOf = ({ body }: Landing): Record<string, string> =>
    Object.fromEntries(
      [...body.matchAll(/name="(visit|sign_in)" value="([^"]+)"/g)].map(([, field = '', value = '']) => [
        field,
        value,
      ]),
    );
  const press = (fields: Record<string, string>): Promise<Response> =>
    fetch(`${webUrl()}/profile`, { method: 'POST', body: new URLSearchParams(fields) });
  const expectNoProfile = async (answer: Response, words: string): Promise<void> => {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/html; charset=utf-8']);
    expect(await answer.text()).toContain(words);
  };

  it('from the page to the device, which is known to be theirs, and nobody’s by account', async () => {
    const { mdm } = accounts;
    const serialNumber = await known();
    const device = keep(await deviceByWebView(webUrl(), apple, { serialNumber }));
    expect((await device.enroll({ awaitingConfiguration: true })).status).toBe(200);
    const uuid = await mdm.uuidOf(device);
    const answer = await fetch(`${mdm.app.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer a-token-of-sixteen' },
      body: JSON.stringify({
        query: `{ device(by: { uuid: "${uuid}" }) { enrollment { accountDriven managedAppleId signedInAs } } }`,
      }),
    });
    expect(await answer.json()).toEqual({
      data: { device: { enrollment: { accountDriven: null, managedAppleId: null, signedInAs: USER } } },
    });
    expect(await mdm.events(EventType.DEVICE_CHANGED, uuid)).toContainEqual({
      change: 'AUTHENTICATED',
      signedInAs: USER,
    });
    const [row] = await mdm.query<object>(
      `SELECT s.purpose, s.subject, s.managed_apple_id AS account FROM sign_ins s
         JOIN issued_certificates c ON c.sign_in_uuid = s.uuid WHERE c.expected_serial_number = ?`,
      [serialNumber],
    );
    expect(row).toEqual({ purpose: 'SETUP', subject: 'anna', account: null });
  });

  it('the page asks, and keeps what it knows out of addresses; the profile names no account', async () => {
    const browser = new Browser();
    const first = await begin(browser);
    expect(first.body).toContain('This device belongs to Orchard. Sign in with your account there');
    expect(first.body).not.toContain('<form');
    const cookie = first.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(
      /^pomona_setup_visit=[\w-]{43}; Max-Age=1800; Path=\/enroll\/account; HttpOnly; SameSite=Lax$/,
    );
    const page = await signIn(browser, first);
    expect([page.status, page.body]).toEqual([
      200,
      expect.stringContaining('Orchard will manage this device'),
    ]);
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
    const { visit = '', sign_in: token = '' } = fieldsOf(page);
    expect(cookie).toContain(visit);
    for (const { href } of browser.visited)
      expect([href.includes(visit), href.includes(token)]).toEqual([false, false]);
    const answer = await pressButton(webUrl(), page.body);
    expect(answer.status).toBe(200);
    const profile = Buffer.from(await answer.arrayBuffer());
    expect(readProfile(profile).payloads.find(({ type }) => type === 'com.apple.mdm')).toBeDefined();
    expect(profile.toString('latin1')).not.toMatch(/AssignedManagedAppleID|EnrollmentMode/);
  });

  it('no other way of Setup Assistant gives a profile, and the words say what to change', async () => {
    const serialNumber = await known();
    const invited = await serve(accounts.mdm);
    for (const path of ['', `/${tokenOf(invited)}`]) {
      const body = new Uint8Array(signed(serialNumber));
      const answer = await fetch(`${accounts.mdm.app.url}/mdm/enroll/dep${path}`, { method: 'POST', body });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([403, 'text/plain; charset=utf-8']);
      expect(await answer.text()).toContain('must have a configuration_web_url that ends in /enroll/setup');
    }
    expect(await refusals(accounts.mdm, serialNumber)).toContainEqual(
      expect.stringContaining('Somebody has to sign in'),
    );
  });

  it('a button that is pressed without a sign-in gives nothing, and uses nothing up', async () => {
    const browser = new Browser();
    const page = await signIn(browser, await begin(browser));
    const { visit = '', sign_in: token = '' } = fieldsOf(page);
    for (const wrong of ['', 'x', 'A'.repeat(43), visit]) {
      await expectNoProfile(await press({ visit, sign_in: wrong }), 'Sign in again');
    }
    await expectNoProfile(await press({ visit }), 'Nobody is signed in for this page');
    expect((await press({ visit, sign_in: token })).status).toBe(200);
  });

  it('a sign-in is used up with its visit, however often the button is pressed', async () => {
    const browser = new Browser();
    const fields = fieldsOf(await signIn(browser, await begin(browser)));
    const answers = await Promise.all([1, 2, 3].map(() => press(fields)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    const { visit = '' } = fieldsOf(await signIn(browser, await begin(browser)));
    await expectNoProfile(await press({ ...fields, visit }), 'Nobody is signed in for this page');
  });

  it('a sign-in for one visit is none for another', async () => {
    const [hers, his] = [new Browser(), new Browser()];
    const mine = fieldsOf(await signIn(hers, await begin(hers)));
    const yours = fieldsOf(await signIn(his, await begin(his)));
    const crossed = { visit: yours['visit'] ?? '', sign_in: mine['sign_in'] ?? '' };
    await expectNoProfile(await press(crossed), 'Nobody is signed in for this page');
    expect((await press(mine)).status).toBe(200);
    expect((await press(yours)).status).toBe(200);
  });

  it('a sign-in that was begun for a page that was left is not for the one that took its place', async () => {
    const browser = new Browser();
    const callback = await callbackOf(browser, await begin(browser));
    await begin(browser);
    const landing = await browser.open(callback);
    expect([landing.status, landing.body]).toEqual([400, expect.stringContaining('for another page')]);
    // The page that it shows leads on, for the visit that is there.
    expect((await signIn(browser, landing)).body).toContain('<form');
  });

  it('a sign-in for an account is none for a visit, and none the other way round', async () => {
    await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    const browser = new Browser();
    const page = await signIn(browser, await begin(browser));
    const { visit = '', sign_in: setupToken = '' } = fieldsOf(page);
    await expectNoProfile(await press({ visit, sign_in: token }), 'Nobody is signed in');
    expect((await accounts.flow().request(accounts.server('BYOD'), setupToken)).status).toBe(401);
    expect((await press({ visit, sign_in: setupToken })).status).toBe(200);
  });

  it('in another browser an answer of the provider is worth nothing, nor twice in the same', async () => {
    const [hers, his] = [new Browser(), new Browser()];
    const callback = await callbackOf(his, await begin(his));
    await begin(hers);
    for (const other of [hers, new Browser()]) {
      const landing = await other.open(callback);
      expect([landing.status, landing.body.includes('<form')]).toEqual([400, false]);
    }
    expect((await his.open(callback)).body).toContain('<form');
    const again = await his.open(callback);
    expect([again.status, again.body]).toEqual([400, expect.stringContaining('was begun elsewhere')]);
  });

  it('without a page there is nothing to sign in for', async () => {
    const landing = await new Browser().open(`${accounts.mdm.app.url}/enroll/account/setup`);
    expect([landing.status, landing.body]).toEqual([403, expect.stringContaining('begin again')]);
    expect(landing.body).not.toContain('Sign in again');
  });

  it('a visit that is over takes its sign-in along', async () => {
    const [early, late, signedIn] = [new Browser(), new Browser(), new Browser()];
    const page = await begin(early);
    accounts.mdm.advance(25 * MINUTE);
    const fields = fieldsOf(await signIn(early, page));
    const latePage = await begin(late);
    const old = fieldsOf(await signIn(signedIn, await begin(signedIn)));
    accounts.mdm.advance(5 * MINUTE);
    await expectNoProfile(await press(fields), 'This page is too old');
    expect((await early.open(linkOf(page))).status).toBe(403);
    const callback = await callbackOf(late, latePage);
    accounts.mdm.advance(5 * MINUTE);
    // A sign-in is good for ten minutes, its page for longer: they sign in again.
    await expectNoProfile(await press(old), 'Sign in again');
    accounts.mdm.advance(4 * MINUTE);
    expect((await late.open(callback)).body).toContain('<form');
  });

  it('while the provider is down nobody gets in, and everybody can go on when it is back', async () => {
    const browser = new Browser();
    const page = await begin(browser);
    const callback = await callbackOf(browser, page);
    accounts.provider.misconduct = { down: true };
    const down = await browser.open(callback);
    expect([down.status, down.body]).toEqual([502, expect.stringContaining('cannot be reached now')]);
    accounts.provider.misconduct = {};
    const back = await signIn(browser, down);
    expect((await press(fieldsOf(back))).status).toBe(200);
  });

  it('somebody who may not is told so, and can sign in as somebody else', async () => {
    const browser = new Browser();
    const page = await begin(browser);
    accounts.provider.person = { sub: 'eve', email: 'eve@example.net', email_verified: true };
    const refused = await signIn(browser, page);
    expect([refused.status, refused.body]).toEqual([403, expect.stringContaining('accounts of example.net')]);
    accounts.provider.person = { sub: 'anna', email: USER, email_verified: true };
    expect((await signIn(browser, refused)).body).toContain('<form');
    expect(await accounts.alerts()).toContainEqual(
      expect.objectContaining({ alert: 'ENROLLMENT_REFUSED', message: 'sign-in', claimed: 'eve' }),
    );
  });

  it('a serial number that nobody named is not even asked to sign in', async () => {
    const landing = await begin(new Browser(), 'DMPNOBODYS');
    expect([landing.status, signInLinkIn(landing.body)]).toEqual([403, undefined]);
    await expect(deviceByWebView(webUrl(), apple, { serialNumber: 'DMPNOBODYS' })).rejects.toThrow(LinkError);
  });
});

onBothDatabases('Where nobody has to sign in', (name) => {
  const accounts = useAccounts(name);

  it('the address of it says so', async () => {
    const landing = await new Browser().open(`${accounts.mdm.app.url}/enroll/account/setup`);
    expect([landing.status, landing.body]).toEqual([409, expect.stringContaining('OIDC_REQUIRED_IN_SETUP')]);
  });
});
