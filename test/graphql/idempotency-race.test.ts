import { expect, it } from 'vitest';
import { useMdm } from '../mdm/kit.js';
import { onMysql } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { ADMIN_TOKEN, countOf, deviceId, mutate, newKey } from './keyed.js';

onMysql('A call with an idempotencyKey at two processes [mysql]', () => {
  const mdm = useMdm('mysql', { ADMIN_TOKEN });

  it('is carried out once, and both answer the same', async () => {
    const other = await mdm.open();
    const urls = [mdm.app.url, other.url, mdm.app.url, other.url];
    for (let round = 0; round < 8; round += 1) {
      const { uuid } = await mdm.enrolled();
      const pushes = await countOf(mdm, 'pushes', uuid);
      const deviceIds = [deviceId(uuid)];
      for (const field of ['deviceRestart', 'devicePush', 'commandSend']) {
        const input = {
          deviceIds,
          idempotencyKey: newKey(),
          ...(field === 'commandSend' ? { requestType: 'SecurityInfo' } : {}),
        };
        const answers = await Promise.all(urls.map((url) => mutate(url, field, input)));
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0].userErrors).toEqual([]);
      }
      expect(await countOf(mdm, 'commands', uuid)).toBe(2);
      expect((await countOf(mdm, 'pushes', uuid)) - pushes).toBeGreaterThan(0);
    }
    await other.stop();
  });

  it('with two inputs at the same moment is carried out for one of them', async () => {
    const other = await mdm.open();
    for (let round = 0; round < 8; round += 1) {
      const { uuid } = await mdm.enrolled();
      const idempotencyKey = newKey();
      const input = (priority: number) => ({
        deviceIds: [deviceId(uuid)],
        requestType: 'SecurityInfo',
        priority,
        idempotencyKey,
      });
      const answers = await Promise.all([
        mutate(mdm.app.url, 'commandSend', input(1)),
        mutate(other.url, 'commandSend', input(2)),
      ]);
      const codes = answers.flatMap(({ userErrors }) => userErrors.map((error: Json) => error.code));
      expect(codes).toEqual(['IDEMPOTENCY_KEY_REUSED']);
      expect(await countOf(mdm, 'commands', uuid)).toBe(1);
    }
    await other.stop();
  });
});
