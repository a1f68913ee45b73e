import { afterAll, beforeAll, expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import type { Json } from '../support/server.js';
import { openDoors, statementsOf, type Doors } from './doors.js';

onBothDatabases('profiles, rules and devices of Apple, by GraphQL', (name) => {
  let doors: Doors;
  let accountId: string;
  let phones: string;
  let tablets: string;
  let ids: Record<string, string>;

  beforeAll(async () => {
    doors = await openDoors(name);
    accountId = await doors.account();
    await doors.mutate('depAccountCreate', { name: 'Another' }, '__typename');
    for (let n = 0; n < 4; n += 1) doors.apple.devices.add(`PHONE${n}`, { asset_tag: `desk ${n}` });
    for (let n = 0; n < 3; n += 1)
      doors.apple.devices.add(`TAB${n}`, {
        device_family: 'iPad',
        os: 'iPadOS',
        model: 'iPad Air',
        color: '100%_BLUE',
      });
    doors.apple.devices.add('MAC0', { device_family: 'Mac', os: 'OSX', model: 'Mac mini' });
    await doors.settle(accountId);
    ids = await doors.ids();
    phones = await doors.profile('Phones', { skipSetupItems: ['Siri'], isMdmRemovable: false });
    tablets = await doors.profile('Tablets');
  });
  afterAll(() => doors.stop());

  const data = (query: string, variables: Json = {}): Promise<Json> => doors.server.data(query, variables);
  const serials = async (filter: Json): Promise<string[]> => {
    const query =
      'query ($filter: DepDeviceFilter) { depDevices(first: 100, filter: $filter) { totalCount nodes { serialNumber } } }';
    const { depDevices } = await data(query, { filter });
    expect(depDevices.totalCount).toBe(depDevices.nodes.length);
    return depDevices.nodes.map((node: Json) => node.serialNumber);
  };
  const dep = async (serial: string): Promise<Json> => {
    const query =
      'query ($id: ID!) { device(by: { id: $id }) { dep { assignment choice activationLocked removedAt profile { name } rule { name } } } }';
    return (await data(query, { id: ids[serial] })).device.dep;
  };
  const idle = (): Promise<void> => doors.server.app.services.dep.worker.idle();

  it('a device waits for its owner as EXPECTED, with what Apple says of it', async () => {
    const { devices } = await data(`{
      devices(first: 100, filter: { enrollmentStatus: EXPECTED, search: "phone0" }) {
        totalCount nodes { serialNumber enrollment { status } dep { serialNumber model color assetTag account { name } device { id } } }
      } }`);
    expect(devices).toEqual({
      totalCount: 1,
      nodes: [
        {
          serialNumber: 'PHONE0',
          enrollment: { status: 'EXPECTED' },
          dep: {
            serialNumber: 'PHONE0',
            model: 'iPhone 15',
            color: 'BLACK',
            assetTag: 'desk 0',
            account: { name: 'Orchard' },
            device: { id: ids['PHONE0'] },
          },
        },
      ],
    });
    const enrolled = await data('{ devices(filter: { enrollmentStatus: ENROLLED }) { totalCount } }');
    expect(enrolled.devices.totalCount).toBe(0);
  });

  it('a profile shows every key that was given, and is changed as a whole', async () => {
    const all = {
      configurationWebUrl: 'https://example.org/start',
      orgMagic: 'magic',
      department: 'IT',
      supportPhoneNumber: '1',
      supportEmailAddress: 'it@example.org',
      allowPairing: false,
      isSupervised: true,
      isMultiUser: false,
      isMandatory: true,
      isMdmRemovable: false,
      awaitDeviceConfigured: true,
      autoAdvanceSetup: true,
      doNotUseProfileFromBackup: true,
      isReturnToService: true,
      language: 'en',
      region: 'US',
      skipSetupItems: ['AppleID', 'Newer'],
      anchorCerts: ['MAA='],
      supervisingHostCerts: ['MAA='],
    };
    const id = await doors.profile('Everything', all);
    const selection = `depProfile { revision enrollmentProfile { name } deviceCount rules { totalCount } setup { ${Object.keys(all).join(' ')} } }`;
    const kept = await doors.mutate(
      'depProfileUpdate',
      { id, name: 'All keys', expectedRevision: 1 },
      selection,
    );
    expect(kept.depProfile).toEqual({
      revision: 2,
      enrollmentProfile: { name: 'Everything' },
      deviceCount: 0,
      rules: { totalCount: 0 },
      setup: all,
    });
    const one = await doors.mutate(
      'depProfileUpdate',
      { id, setup: { language: 'de', region: null } },
      selection,
    );
    expect(Object.entries(one.depProfile.setup).filter(([, value]) => value !== null)).toEqual([
      ['language', 'de'],
    ]);
    expect(await doors.refused('depProfileUpdate', { id, setup: {}, expectedRevision: 1 })).toMatchObject([
      { code: 'STALE_REVISION' },
    ]);
    expect(await doors.refused('depProfileUpdate', { id, setup: { language: 'Deutsch' } })).toMatchObject([
      { code: 'INVALID', path: ['input', 'setup', 'language'] },
    ]);
    const { depProfile } = await data('query ($id: ID!) { depProfile(by: { id: $id }) { id name } }', { id });
    expect(depProfile).toEqual({ id, name: 'All keys' });
    await doors.mutate('depProfileDelete', { id }, 'deletedDepProfileId');
    expect((await data('query ($id: ID!) { node(id: $id) { id } }', { id })).node).toBeNull();
  });

  it('refusals name the field as the input has it', async () => {
    const id = Buffer.from('EnrollmentProfile:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(await doors.refused('depProfileCreate', { name: 'X', enrollmentProfileId: id })).toMatchObject([
      { code: 'INVALID', path: ['input', 'enrollmentProfileId'] },
    ]);
    expect(await doors.refused('depProfileCreate', { name: 'X', enrollmentProfileId: phones })).toMatchObject(
      [{ code: 'BAD_USER_INPUT', path: ['input', 'enrollmentProfileId'] }],
    );
    const rule = { name: 'X', profileId: phones };
    const workflowId = Buffer.from('Workflow:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(await doors.refused('depRuleCreate', { ...rule, workflowId })).toMatchObject([
      { code: 'INVALID', path: ['input', 'workflowId'] },
    ]);
    expect(await doors.refused('depRuleCreate', { ...rule, accountId: '' })).toMatchObject([
      { code: 'BAD_USER_INPUT', path: ['input', 'accountId'] },
    ]);
    expect(await doors.refused('depRuleCreate', { ...rule, position: -1 })).toMatchObject([
      { code: 'BAD_USER_INPUT', path: ['input', 'position'] },
    ]);
    const patterns = { model: 'x'.repeat(300) };
    expect(await doors.refused('depRuleCreate', { ...rule, patterns })).toMatchObject([
      { code: 'INVALID', path: ['input', 'patterns', 'model'] },
    ]);
  });

  it('patterns can be tried before they are a rule', async () => {
    expect(await serials({ patterns: { serialNumber: 'phone?', assetTag: 'DESK [1]' } })).toEqual([]);
    expect(await serials({ patterns: { serialNumber: 'phone?', assetTag: '*2' } })).toEqual(['PHONE2']);
    expect(await serials({ patterns: { color: '100%_*' } })).toEqual(['TAB0', 'TAB1', 'TAB2']);
    expect(await serials({ patterns: { color: '%' } })).toEqual([]);
    expect(await serials({ patterns: { assetTag: '*' } })).toHaveLength(8);
    expect(await serials({ patterns: {}, search: 'ipad' })).toEqual(['TAB0', 'TAB1', 'TAB2']);
  });

  it('rules give profiles and workflows, in their order, before a device enrols', async () => {
    const { workflow } = await doors.mutate('workflowCreate', { name: 'Office' }, 'workflow { id }');
    const make = async (input: Json): Promise<string> =>
      (await doors.mutate('depRuleCreate', input, 'depRule { id }')).depRule.id;
    await make({
      name: 'Tablets',
      profileId: tablets,
      patterns: { deviceFamily: 'iPad' },
      workflowId: workflow.id,
    });
    const second = await make({ name: 'Any phone', profileId: phones, patterns: { deviceFamily: 'iPhone' } });
    await make({
      name: 'One',
      position: 0,
      profileId: tablets,
      accountId,
      patterns: { serialNumber: 'PHONE3' },
    });
    await idle();
    const { depRules } = await data(
      '{ depRules { nodes { name position patterns { deviceFamily serialNumber } account { name } profile { name } workflow { name } } } }',
    );
    const none = { account: null, workflow: null };
    expect(depRules.nodes).toEqual([
      {
        name: 'One',
        position: 0,
        patterns: { deviceFamily: null, serialNumber: 'PHONE3' },
        account: { name: 'Orchard' },
        profile: { name: 'Tablets' },
        workflow: null,
      },
      {
        ...none,
        name: 'Tablets',
        position: 1,
        patterns: { deviceFamily: 'iPad', serialNumber: null },
        profile: { name: 'Tablets' },
        workflow: { name: 'Office' },
      },
      {
        ...none,
        name: 'Any phone',
        position: 2,
        patterns: { deviceFamily: 'iPhone', serialNumber: null },
        profile: { name: 'Phones' },
      },
    ]);
    expect(await serials({ ruleId: second })).toEqual(['PHONE0', 'PHONE1', 'PHONE2']);
    expect(await serials({ profileId: tablets })).toEqual(['PHONE3', 'TAB0', 'TAB1', 'TAB2']);
    expect(await serials({ assignment: 'ASSIGNED' })).toHaveLength(7);
    expect(await dep('MAC0')).toMatchObject({ assignment: 'NONE', rule: null, profile: null });
    const given = await data('query ($id: ID!) { device(by: { id: $id }) { workflow { name } } }', {
      id: ids['TAB1'],
    });
    expect(given.device.workflow).toEqual({ name: 'Office' });
    const { depProfile } = await data(
      'query ($id: ID!) { depProfile(by: { id: $id }) { deviceCount rules { nodes { name } } } }',
      { id: tablets },
    );
    expect(depProfile).toEqual({ deviceCount: 4, rules: { nodes: [{ name: 'One' }, { name: 'Tablets' }] } });
    // To the front: it is about PHONE3 now, too.
    await doors.mutate('depRuleUpdate', { id: second, position: 0, name: 'Phones' }, 'depRule { position }');
    await idle();
    expect(await dep('PHONE3')).toMatchObject({ rule: { name: 'Phones' }, profile: { name: 'Phones' } });
    expect(await doors.refused('depProfileDelete', { id: phones })).toMatchObject([{ code: 'IN_USE' }]);
  });

  it('by hand goes before rules, until the rules are to be followed again', async () => {
    const deviceIds = [ids['PHONE0'], ids['PHONE1'], phones, ids['MAC0']];
    const chosen = await doors.server.data(
      `mutation ($input: DepDevicesAssignInput!) { depDevicesAssign(input: $input) {
         results { deviceId device { serialNumber } error { code path } } userErrors { code path } } }`,
      { input: { deviceIds, profileId: tablets } },
    );
    const wrong = { code: 'BAD_USER_INPUT', path: ['input', 'deviceIds', '2'] };
    expect(chosen.depDevicesAssign).toEqual({
      results: [
        { deviceId: deviceIds[0], device: { serialNumber: 'PHONE0' }, error: null },
        { deviceId: deviceIds[1], device: { serialNumber: 'PHONE1' }, error: null },
        { deviceId: phones, device: null, error: wrong },
        { deviceId: deviceIds[3], device: { serialNumber: 'MAC0' }, error: null },
      ],
      userErrors: [wrong],
    });
    await idle();
    expect(await dep('PHONE0')).toMatchObject({
      choice: 'MANUAL',
      assignment: 'ASSIGNED',
      profile: { name: 'Tablets' },
      rule: { name: 'Phones' },
    });
    await doors.mutate('depDevicesUnassign', { deviceIds: [ids['PHONE0']] }, '__typename');
    await idle();
    expect(await dep('PHONE0')).toMatchObject({ choice: 'MANUAL', assignment: 'NONE', profile: null });
    expect(doors.apple.devices.get('PHONE0')?.profile_uuid).toBeUndefined();
    await doors.mutate('depDevicesFollowRules', { deviceIds: [ids['PHONE0'], ids['PHONE1']] }, '__typename');
    await idle();
    expect(await dep('PHONE0')).toMatchObject({
      choice: 'RULE',
      assignment: 'ASSIGNED',
      profile: { name: 'Phones' },
    });
    const nowhere = Buffer.from('Device:00000000-0000-4000-8000-000000000000').toString('base64url');
    expect(
      await doors.refused('depDevicesAssign', { deviceIds: [nowhere], profileId: phones }),
    ).toMatchObject([{ code: 'NOT_FOUND', path: ['input', 'deviceIds', '0'] }]);
    expect(await doors.refused('depDevicesAssign', { deviceIds: [], profileId: accountId })).toMatchObject([
      { code: 'BAD_USER_INPUT', path: ['input', 'profileId'] },
    ]);
  });

  // Lists side by side share their loaders, and then it depends on who is first: so one at a time.
  it.each([
    [
      // Six, so that one has a workflow by its rule.
      6,
      'devices(first: N) { nodes { dep { account { deviceCount status } profile { deviceCount setup { language } enrollmentProfile { name } rules(first: 2) { nodes { name } } } rule { name workflow { name } } } } }',
    ],
    [
      6,
      'depDevices(first: N) { totalCount nodes { device { name workflow { name } } account { name } profile { name } rule { name profile { name } account { name } } } }',
    ],
    [1, 'depRules(first: N) { nodes { profile { name deviceCount } } }'],
    [
      1,
      'depProfiles(first: N) { nodes { deviceCount enrollmentProfile { name } rules { nodes { name } } } }',
    ],
    [1, 'depAccounts(first: N) { nodes { deviceCount status } }'],
  ])('%i rows cost as many statements as all: %s', async (some, list) => {
    const few = await statementsOf(doors.server, `{ ${list.replace('N', String(some))} }`);
    expect(await statementsOf(doors.server, `{ ${list.replace('N', '100')} }`)).toEqual(few);
    expect(few.length).toBeLessThanOrEqual(12);
  });

  it('what cannot be undone needs the scope for it, and the serial numbers once more', async () => {
    const input = { deviceIds: [ids['TAB0'], ids['TAB1']], confirmSerialNumbers: ['tab1', 'TAB0'] };
    for (const [field, what] of [
      ['depDevicesDisown', input],
      ['depDeviceLockActivation', { deviceId: ids['TAB2'] }],
    ] as const)
      await expect(doors.refused(field, what, await doors.token('ADMIN', ['SECRETS']))).rejects.toThrow(
        /DESTRUCTIVE/,
      );
    const may = await doors.token('OPERATOR', ['DESTRUCTIVE']);
    expect(
      await doors.refused('depDevicesDisown', { ...input, confirmSerialNumbers: ['TAB0', 'TAB2'] }, may),
    ).toMatchObject([{ code: 'INVALID', path: ['input', 'confirmSerialNumbers'] }]);
    expect(doors.apple.devices.get('TAB0')).toBeDefined();
    expect(await doors.refused('depDevicesDisown', input, may)).toEqual([]);
    expect(doors.apple.devices.get('TAB0')).toBeUndefined();
    expect(await dep('TAB1')).toMatchObject({ removedAt: expect.any(String) });
    expect(await serials({ removed: true })).toEqual(['TAB0', 'TAB1']);
    const lock = { deviceId: ids['TAB2'], lostMessage: 'Bring me back', escrowKey: 'abc' };
    expect(
      await doors.refused('depDeviceLockActivation', { ...lock, lostMessage: 'x'.repeat(2_000) }, may),
    ).toMatchObject([{ code: 'BAD_USER_INPUT', path: ['input', 'lostMessage'] }]);
    expect(await doors.refused('depDeviceLockActivation', lock, may)).toEqual([]);
    expect(await dep('TAB2')).toMatchObject({ activationLocked: true });
    expect(await doors.refused('depDeviceLockActivation', { deviceId: ids['TAB0'] }, may)).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
  });
});
