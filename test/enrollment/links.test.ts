import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';
import { closeDevices, installed, invite } from './kit.js';

const HOUR = 3_600;

interface Shown {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

async function get(url: string): Promise<Shown> {
  const answer = await fetch(url);
  return { status: answer.status, type: answer.headers.get('content-type') ?? '', text: await answer.text() };
}

onBothDatabases('Links', (name) => {
  const mdm = useMdm(name);
  afterAll(closeDevices);

  /** Page and profile of a link, which answer alike when it is not good. */
  const both = async (link: string): Promise<Shown[]> => [await get(link), await get(`${link}/profile`)];

  it('show a page with a button, and nothing from anywhere else', async () => {
    const { link } = await invite(mdm, {
      name: 'Reception <iPads>',
      organization: 'Orchard & Sons',
      accessRights: 1 | 2 | 64,
    });
    const answer = await fetch(link);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    const page = await answer.text();
    expect(page).toContain('Orchard &amp; Sons would like to manage this device');
    expect(page).toContain('Reception &lt;iPads&gt;');
    expect(page).toContain('<li>installed applications</li>');
    expect(page).not.toContain('locking the device');
    expect(page).not.toMatch(/<script|https?:\/\//);
    const href = /class="button" href="([^"]+)"/.exec(page)?.[1] ?? '';
    const button = await fetch(new URL(href, link));
    expect([button.status, button.headers.get('content-type')]).toEqual([
      200,
      'application/x-apple-aspen-config',
    ]);
  });

  it('are 404 when nobody made them, whatever they look like', async () => {
    const { link } = await invite(mdm);
    const cut = link.slice(0, -1);
    const otherCase = link.replace(/[^/]+$/, (token) => token.toUpperCase());
    const elsewhere = ['x', 'A'.repeat(43), 'A'.repeat(500), '%27%20OR%201=1', '%00'].map(
      (token) => `${mdm.app.url}/enroll/${token}`,
    );
    for (const wrong of [cut, `${link}A`, otherCase, ...elsewhere]) {
      for (const shown of await both(wrong)) {
        expect(shown).toMatchObject({ status: 404, type: 'text/html; charset=utf-8' });
        expect(shown.text).toContain('There is no such link');
      }
    }
  });

  it('are 410 when they were revoked, have expired, or are used up', async () => {
    const { enrollmentProfiles } = mdm.services;
    const revoked = await invite(mdm);
    await enrollmentProfiles.revoke(revoked.profile.uuid);
    const expired = await invite(mdm, { expiresAt: new Date(mdm.now() + HOUR * 1_000) });
    const used = await invite(mdm, { usesLeft: 1 });
    await (await installed(used.link)).enroll();
    mdm.advance(HOUR);
    for (const [link, words] of [
      [revoked.link, 'was revoked'],
      [expired.link, 'has expired'],
      [used.link, 'has been used'],
    ] as const) {
      for (const shown of await both(link)) {
        expect(shown).toMatchObject({ status: 410, type: 'text/html; charset=utf-8' });
        expect(shown.text).toContain(words);
      }
    }
  });

  it('that were replaced are 404, and what was downloaded by them enrols nothing', async () => {
    const { enrollmentProfiles } = mdm.services;
    const { link, profile } = await invite(mdm);
    const device = await installed(link);
    const { link: fresh = '' } = await enrollmentProfiles.update(profile.uuid, { newLink: true });
    expect((await get(link)).status).toBe(404);
    expect((await device.authenticate()).status).toBe(400);
    expect((await (await installed(fresh)).enroll()).status).toBe(200);
  });

  it('are kept as hashes: no token is in the database', async () => {
    const { link } = await invite(mdm);
    const token = link.split('/').at(-1) ?? '';
    expect(token).toMatch(/^[\w-]{43}$/);
    const rows = await mdm.query<object>('SELECT * FROM enrollment_profiles');
    expect(JSON.stringify(rows)).not.toContain(token);
    const { text } = await get(`${link}/profile`);
    const challenge = /<key>Challenge<\/key>\s*<string>([\w-]{43})</.exec(text)?.[1] ?? '';
    const challenges = JSON.stringify(await mdm.query<object>('SELECT * FROM enrollment_challenges'));
    expect(challenges).toContain(createHash('sha256').update(challenge).digest('hex'));
    expect(challenges).not.toContain(challenge);
  });

  it('/mdm/enroll serves the default one, and only that', async () => {
    const address = `${mdm.app.url}/mdm/enroll`;
    const none = await get(address);
    expect([none.status, JSON.parse(none.text).code]).toEqual([404, 'NOT_FOUND']);
    const { profile } = await invite(mdm, { isDefault: true, name: 'First' });
    const other = await invite(mdm, { isDefault: true, name: 'Second' });
    const served = await get(address);
    expect(served).toMatchObject({ status: 200, type: 'application/x-apple-aspen-config' });
    expect(served.text).toContain('<string>Second</string>');
    expect(await mdm.services.enrollmentProfiles.get(profile.uuid)).toMatchObject({ defaultMark: null });
    await mdm.services.enrollmentProfiles.revoke(other.profile.uuid);
    expect((await get(address)).status).toBe(404);
  });
});

onBothDatabases('Links without a push certificate', (name) => {
  const mdm = useMdm(name, { APNS_CERT_FILE: '', APNS_KEY_FILE: '' });

  it('say so in words, and give no profile', async () => {
    const { link } = await invite(mdm, { isDefault: true });
    for (const url of [link, `${link}/profile`, `${mdm.app.url}/mdm/enroll`]) {
      const { status, text } = await get(url);
      expect(status).toBe(409);
      expect(text).toContain('No push certificate is configured');
    }
    expect(await mdm.query('SELECT 1 FROM enrollment_challenges')).toEqual([]);
  });
});

describe('a stranger with the address alone', () => {
  const mdm = useMdm('sqlite');

  it('enrols nothing', async () => {
    await invite(mdm);
    for (const path of ['/enroll', '/enroll/', '/mdm/enroll', '/enroll/profile', '/enroll//profile'])
      expect((await get(mdm.app.url + path)).status).toBe(404);
  });
});
