import { expect, it } from 'vitest';
import { invite } from '../enrollment/kit.js';
import { useMdm } from '../mdm/kit.js';
import { onBothDatabases } from '../support/databases.js';

onBothDatabases('What is wrong inside', (name) => {
  const mdm = useMdm(name);

  /** Has the database fail whoever asks for this table. */
  async function without(table: string, work: () => Promise<void>): Promise<void> {
    await mdm.app.database.run(`ALTER TABLE ${table} RENAME TO hidden_for_a_moment`);
    try {
      await work();
    } finally {
      await mdm.app.database.run(`ALTER TABLE hidden_for_a_moment RENAME TO ${table}`);
    }
  }

  async function expectNothingTold(url: string, headers: Record<string, string> = {}): Promise<void> {
    const answer = await fetch(url, { headers });
    expect([url, answer.status, answer.headers.get('retry-after')]).toEqual([url, 503, '30']);
    expect(await answer.text()).not.toMatch(/enrollment_profiles|api_tokens|hidden|table|sql|\.[jt]s/i);
  }

  it('is told to no stranger who opens a link', async () => {
    const { link } = await invite(mdm);
    await without('enrollment_profiles', async () => {
      for (const url of [link, `${link}/profile`, `${mdm.app.url}/mdm/enroll`]) await expectNothingTold(url);
    });
    expect((await fetch(link)).status).toBe(200);
  });

  it('is told to no stranger who invents a token', async () => {
    await without('api_tokens', async () => {
      const authorization = 'Bearer nobodys-invented-token';
      for (const path of ['/metrics', '/_metrics'])
        await expectNothingTold(`${mdm.app.url}${path}`, { authorization });
    });
    expect((await fetch(`${mdm.app.url}/metrics`)).status).toBe(401);
  });
});
