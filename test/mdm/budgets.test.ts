import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { beforeAll, expect, it } from 'vitest';
import { onMysql } from '../support/databases.js';
import { ADMIN } from '../support/principal.js';
import { Channel } from '../../src/entities/channel.js';
import { Device } from '../../src/entities/device.js';
import { ChannelKind, EnrollmentKind, EnrollmentStatus } from '../../src/entities/enums.js';
import { Catalogue } from './catalogue.js';
import { useMdm, type Enrolled } from './kit.js';

/** Each statement is a round trip to the database: the hot path has a budget of them, counted here on MySQL. */
onMysql('Statements [mysql]', () => {
  const mdm = useMdm('mysql');
  const catalogue = new Catalogue(mdm);
  let enrolled: Enrolled;
  beforeAll(async () => {
    enrolled = await mdm.enrolled();
  });

  /** What `work` costs: the fewest statements of several runs, because jobs by the clock may add some of theirs. */
  async function cost(
    work: () => Promise<unknown>,
    prepare: () => Promise<unknown> = async () => undefined,
  ): Promise<string[]> {
    const runs: string[][] = [];
    for (let run = 0; run < 4; run += 1) {
      await prepare();
      await quiet();
      const statements: string[] = [];
      mdm.app.database.onStatement = (sql) => statements.push(sql);
      await work();
      runs.push([...statements]);
      mdm.app.database.onStatement = undefined;
    }
    return runs.reduce((least, run) => (run.length < least.length ? run : least));
  }

  /** The pushes of what went before are done with. */
  async function quiet(): Promise<void> {
    await mdm.until(async () => {
      return (
        (await mdm.query("SELECT 1 FROM pushes WHERE status IN ('QUEUED', 'SENDING') LIMIT 1")).length === 0
      );
    });
  }

  const verbs = (statements: string[]): string[] =>
    statements.map((sql) => /^\s*(SELECT|INSERT|UPDATE|DELETE|COMMIT)/i.exec(sql)?.[1]?.toUpperCase() ?? sql);

  const cancelAll = async (): Promise<void> => {
    const queue = await mdm.queueOf(enrolled.uuid);
    await mdm.services.commands.cancel(queue.map(({ uuid }) => uuid));
  };

  it('Idle with nothing queued costs one', async () => {
    expect(verbs(await cost(() => enrolled.device.idle()))).toEqual(['SELECT']);
  });

  it('Idle that delivers costs one before the answer, and three gathered ones after it', async () => {
    const { device, uuid } = enrolled;
    const prepare = async (): Promise<void> => {
      await cancelAll();
      await mdm.send(uuid, 'RestartDevice');
    };
    expect(verbs(await cost(() => device.idle(), prepare))[0]).toBe('SELECT');
    const whole = async (): Promise<void> => {
      const { command } = await device.idle();
      await mdm.until(async () => (await mdm.status({ uuid: command?.uuid ?? '' })) === 'SENT');
    };
    const written = (await cost(whole, prepare)).filter((sql) => !/^\s*SELECT/i.test(sql));
    expect(verbs(written)).toEqual(['UPDATE', 'INSERT', 'COMMIT']);
    await cancelAll();
  });

  it('Acknowledged of a plain command costs four, its next command included', async () => {
    const { device, uuid } = enrolled;
    let reported = '';
    const prepare = async (): Promise<void> => {
      reported = (await mdm.send(uuid, 'RestartDevice')).uuid;
    };
    const statements = await cost(() => device.report('Acknowledged', reported), prepare);
    expect(verbs(statements)).toEqual(['SELECT', 'UPDATE', 'INSERT', 'COMMIT']);
  });

  it('NotNow of a plain command costs four', async () => {
    const { device, uuid } = enrolled;
    let reported = '';
    const prepare = async (): Promise<void> => {
      await cancelAll();
      reported = (await mdm.send(uuid, 'RestartDevice')).uuid;
    };
    const statements = await cost(() => device.report('NotNow', reported), prepare);
    expect(verbs(statements)).toEqual(['SELECT', 'UPDATE', 'INSERT', 'COMMIT']);
    await cancelAll();
  });

  it('a duplicate report costs one', async () => {
    const { device, uuid } = enrolled;
    const { uuid: reported } = await mdm.send(uuid, 'RestartDevice');
    await device.report('Acknowledged', reported);
    expect(verbs(await cost(() => device.report('Acknowledged', reported)))).toEqual(['SELECT']);
  });

  it('TokenUpdate that brings a new token costs three, its commit included', async () => {
    const { device } = enrolled;
    const statements = await cost(() => device.tokenUpdate({ newToken: true }));
    expect(verbs(statements)).toEqual(['SELECT', 'UPDATE', 'COMMIT']);
  });

  it('fifty devices that report at once share their transactions', async () => {
    const devices = await Promise.all(Array.from({ length: 50 }, () => mdm.enrolled()));
    const sent = await mdm.services.commands.send(
      devices.map(({ uuid }) => uuid),
      { requestType: 'RestartDevice' },
      ADMIN,
    );
    await quiet();
    const commits: string[] = [];
    mdm.app.database.onStatement = (sql) => sql === 'COMMIT' && commits.push(sql);
    await Promise.all(
      devices.map(({ device }, at) => device.report('Acknowledged', sent[at]?.commandUuid ?? '')),
    );
    mdm.app.database.onStatement = undefined;
    expect(commits.length).toBeLessThan(25);
  });

  it('queueing a command for a thousand devices, and giving them a workflow, grows by the five hundred', async () => {
    const uuids = await manyDevices(1_000);
    const send = (count: number) =>
      cost(() => mdm.services.commands.send(uuids.slice(0, count), { requestType: 'RestartDevice' }, ADMIN));
    const counts = {
      one: (await send(1)).length,
      five: (await send(500)).length,
      thousand: (await send(1_000)).length,
    };
    console.log('Statements to queue a command for 1, 500 and 1,000 devices:', counts);
    expect(counts.five).toBeLessThanOrEqual(counts.one + 2);
    expect(counts.thousand - counts.five).toBeLessThanOrEqual(8);

    const { workflow } = await catalogue.workflowOf(3);
    await quiet();
    const statements: string[] = [];
    // Without those of the pushes, which are sent meanwhile.
    const own = /\b(deployments|deployment_items|commands|command_bodies|profile_revisions|catalog_state)\b/;
    mdm.app.database.onStatement = (sql) =>
      own.test(sql) && !/\b(pushes|channels c)\b/.test(sql) && statements.push(sql);
    await mdm.services.deployments.assign(uuids, workflow);
    const assigned = statements.length;
    await mdm.until(
      async () => (await mdm.query('SELECT 1 FROM deployments WHERE dirty = 1 LIMIT 1')).length === 0,
    );
    mdm.app.database.onStatement = undefined;
    const reconciled = statements.filter((sql) => !sql.endsWith('dirty = 1 LIMIT 1')).length - assigned;
    console.log(
      `Statements to give 1,000 devices a workflow: ${assigned}, and ${reconciled} to queue its 3,000 commands`,
    );
    expect(assigned).toBeLessThanOrEqual(8);
    expect(reconciled).toBeLessThanOrEqual(120);
    const [row] = await mdm.query<{ count: number }>('SELECT COUNT(*) AS count FROM deployment_items');
    expect(Number(row?.count)).toBe(3_000);
  });

  /** Enrolled devices that were only ever written to the database: enrolling a thousand takes longer than the test. */
  async function manyDevices(count: number): Promise<string[]> {
    const at = new Date(mdm.now());
    const devices = Array.from({ length: count }, () =>
      Object.assign(new Device(), {
        uuid: uuidv7(),
        udid: randomUUID(),
        enrollmentStatus: EnrollmentStatus.ENROLLED,
        enrollmentKind: EnrollmentKind.DEVICE,
        awaitingConfiguration: false,
        createdAt: at,
        updatedAt: at,
      }),
    );
    const channels = devices.map(({ uuid, udid }) =>
      Object.assign(new Channel(), {
        uuid: uuidv7(),
        deviceUuid: uuid,
        kind: ChannelKind.DEVICE,
        enrollmentKey: udid,
        enabled: true,
        tokenRetired: false,
        tally: 1,
        repushCount: 0,
        createdAt: at,
      }),
    );
    await mdm.app.database.transaction(async (tx) => {
      for (let from = 0; from < count; from += 500) {
        await tx.manager.insert(Device, devices.slice(from, from + 500));
        await tx.manager.insert(Channel, channels.slice(from, from + 500));
      }
    });
    return devices.map(({ uuid }) => uuid);
  }
});
