import { describe, expect, it } from 'vitest';
import { AccountFlow } from '../../simulator/device/index.js';
import { onBothDatabases } from '../support/databases.js';
import { apple, expectToBeAsked, forged, useAccounts, USER } from './kit.js';

const MINUTE = 60;

onBothDatabases('Access tokens', (name) => {
  const accounts = useAccounts(name);
  const ask = (mode: 'BYOD' | 'ADDE', token?: string, by = apple): Promise<Response> =>
    new AccountFlow(USER, { apple: by }).request(accounts.server(mode), token);

  const challenges = async (): Promise<number> =>
    (await accounts.mdm.query('SELECT 1 AS one FROM enrollment_challenges')).length;

  /** The status of the answer, by which the device is asked to sign in again, and how many challenges were made. */
  const answerTo = async (mode: 'BYOD' | 'ADDE', token: string): Promise<[number, number]> => {
    const before = await challenges();
    const answer = await ask(mode, token);
    expectToBeAsked(answer, accounts.signInUrl(mode));
    return [answer.status, (await challenges()) - before];
  };

  it('are good for one profile, and a second use is told', async () => {
    await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    expect((await ask('BYOD', token)).status).toBe(200);
    expect(await answerTo('BYOD', token)).toEqual([401, 0]);
    expect(await accounts.alerts()).toContainEqual(
      expect.objectContaining({ alert: 'ACCESS_TOKEN_REUSED', message: 'BYOD', managedAppleId: USER }),
    );
    expect(JSON.stringify(await accounts.alerts())).not.toContain(token);
  });

  it('used ten times at the same moment give one profile', async () => {
    await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('BYOD', token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(401)]);
  });

  it('of one kind are no good for the other, and stay good for their own', async () => {
    await accounts.offer('BYOD');
    await accounts.offer('ADDE');
    const token = await accounts.token('BYOD');
    expect(await answerTo('ADDE', token)).toEqual([401, 0]);
    expect((await ask('BYOD', token)).status).toBe(200);
  });

  it('are over after ten minutes', async () => {
    await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    accounts.mdm.advance(10 * MINUTE);
    expect(await answerTo('BYOD', token)).toEqual([401, 0]);
  });

  it.each(['', 'x', 'A'.repeat(43), 'A'.repeat(4_000), "' OR 1=1 --", '%', 'null'])(
    'nobody was given are no good: %s',
    async (token) => {
      await accounts.offer('BYOD');
      expect(await answerTo('BYOD', token)).toEqual([401, 0]);
    },
  );

  it('are no good once the enrollment profile is revoked or another has its mark', async () => {
    const { enrollmentProfiles } = accounts.mdm.services;
    const { uuid } = await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    await enrollmentProfiles.revoke(uuid);
    expect((await ask('BYOD', token)).status).toBe(404);
    await accounts.offer('BYOD', { name: 'The next one' });
    expect((await ask('BYOD', token)).status).toBe(200);
  });

  it('are of no use to a device that Apple did not make: neither the first nor the second request', async () => {
    await accounts.offer('BYOD');
    const token = await accounts.token('BYOD');
    const before = await challenges();
    for (const given of [undefined, token]) {
      const answer = await ask('BYOD', given, forged);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: expect.stringContaining('attributes were refused'), code: 'BAD_USER_INPUT' },
      ]);
    }
    const bare = await fetch(accounts.server('BYOD').baseUrl, { method: 'POST' });
    expect(bare.status).toBe(400);
    const long = await fetch(accounts.server('BYOD').baseUrl, {
      method: 'POST',
      body: new Uint8Array(70_000),
    });
    expect(long.status).toBe(413);
    expect(await challenges()).toBe(before);
    expect((await ask('BYOD', token)).status).toBe(200);
  });

  it('a certificate for a User Enrollment enrols no device by its UDID, and the other way round', async () => {
    await accounts.offer('BYOD');
    await accounts.offer('ADDE');
    for (const [mode, userEnrollment] of [
      ['BYOD', false],
      ['ADDE', true],
    ] as const) {
      const honest = await accounts.device(mode);
      const { identity, facts, topic } = honest;
      const liar = accounts.mdm.device({ identity, topic, udid: facts.udid, userEnrollment });
      expect((await liar.authenticate()).status).toBe(400);
      expect((await honest.enroll()).status).toBe(200);
    }
  });

  it('a link opens no profile that people have to sign in for', async () => {
    const { enrollmentProfiles } = accounts.mdm.services;
    const { profile, link = '' } = await enrollmentProfiles.create({ name: 'By link' });
    const downloaded = await (await fetch(`${link}/profile`)).text();
    expect(downloaded).toMatch(/<key>Challenge</);
    const marked = await enrollmentProfiles.update(profile.uuid, {
      accountDriven: (await accounts.offer('BYOD')).accountDriven,
    });
    expect(marked.link).toBeUndefined();
    for (const path of ['', '/profile']) expect((await fetch(link + path)).status).toBe(404);
    expect(
      await accounts.mdm.query(
        'SELECT 1 AS one FROM enrollment_challenges WHERE enrollment_profile_uuid = ?',
        [profile.uuid],
      ),
    ).toEqual([]);
  });
});

describe('Too many requests', () => {
  const accounts = useAccounts('sqlite');

  it('from one address are sent away for a while', async () => {
    await accounts.offer('BYOD');
    const answers: Response[] = [];
    for (let left = 26; left > 0; left -= 1) {
      const some = Array.from({ length: 25 }, () =>
        fetch(accounts.signInUrl('BYOD'), { redirect: 'manual' }),
      );
      answers.push(...(await Promise.all(some)));
    }
    expect(answers.slice(0, 600).every(({ status }) => status === 302)).toBe(true);
    const sentAway = answers.slice(600);
    expect(sentAway.every(({ status }) => status === 429)).toBe(true);
    expect(Number(sentAway[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
    const token = await new AccountFlow(USER, { apple }).request(accounts.server('BYOD'), 'A'.repeat(43));
    expect(token.status).toBe(429);
  });
});
