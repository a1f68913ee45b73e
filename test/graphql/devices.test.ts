import { expect, it } from 'vitest';
import { onBothDatabases } from '../support/databases.js';
import { useWorld } from './world.js';

const SEND = `mutation ($input: CommandSendInput!) {
  commandSend(input: $input) {
    results { deviceId device { name } command { id uuid status priority source } error { code path } }
    userErrors { code message path }
  }
}`;

onBothDatabases('devices', (name) => {
  const world = useWorld(name);

  it('are found by every name, with enrolment, push and last contact', async () => {
    const device = await world.enrolled({ platform: 'macOS' });
    const id = await world.idOf(device);
    const { serialNumber } = device.facts;
    const query = `query ($id: ID!, $serial: String!) {
      one: device(by: { id: $id }) {
        uuid udid serialNumber platform osVersion lastSeenAt
        enrollment { status kind tally since endedAt awaitingConfiguration }
        push { topic hasToken nextPushAt repushCount }
        users { shortName }
        workflow { name }
        deployment { status }
        information { asOf }
        installedProfiles { asOf totalCount nodes { identifier } }
      }
      same: device(by: { serialNumber: $serial }) { id }
      none: device(by: { udid: "nobody" }) { id }
      found: devices(filter: { search: $serial, enrollmentStatus: ENROLLED, platform: MACOS }) { totalCount nodes { id } }
    }`;
    const data = await world.server.data(query, { id, serial: serialNumber });
    expect(data).toMatchObject({
      one: {
        udid: device.facts.udid,
        serialNumber,
        platform: 'MACOS',
        lastSeenAt: expect.stringMatching(/Z$/),
        enrollment: {
          status: 'ENROLLED',
          kind: 'DEVICE',
          tally: 1,
          endedAt: null,
          awaitingConfiguration: false,
        },
        push: { topic: device.topic, hasToken: true },
        users: [],
        workflow: null,
        deployment: null,
        information: null,
        installedProfiles: { asOf: null, totalCount: 0, nodes: [] },
      },
      same: { id },
      none: null,
      found: { totalCount: 1, nodes: [{ id }] },
    });
  });

  it('are sent commands, answer them, and show both', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const stranger = Buffer.from('Device:018f3c6e-5b7a-7cc3-9d5e-0b6f0a1c2d3e').toString('base64url');
    const input = {
      deviceIds: [stranger, id, 'rubbish'],
      requestType: 'DeviceInformation',
      parameters: { Queries: ['DeviceName', 'OSVersion', 'UDID'] },
      priority: 5,
    };
    const { commandSend } = await world.server.data(SEND, { input });
    expect(commandSend.results).toMatchObject([
      {
        deviceId: stranger,
        device: null,
        command: null,
        error: { code: 'NOT_FOUND', path: ['input', 'deviceIds', '0'] },
      },
      { deviceId: id, command: { status: 'QUEUED', priority: 5, source: 'API' }, error: null },
      {
        deviceId: 'rubbish',
        device: null,
        command: null,
        error: { code: 'BAD_USER_INPUT', path: ['input', 'deviceIds', '2'] },
      },
    ]);
    expect(commandSend.userErrors.map((error: { path: string[] }) => error.path[2])).toEqual(['0', '2']);
    const command = commandSend.results[1].command;
    await world.server.data(SEND, { input: { deviceIds: [id], requestType: 'ProfileList' } });
    await world.server.data(SEND, { input: { deviceIds: [id], requestType: 'InstalledApplicationList' } });
    const waiting =
      'query ($id: ID!) { device(by: { id: $id }) { queue { totalCount nodes { requestType } } pushes { nodes { status device { id } } } } }';
    expect((await world.server.data(waiting, { id })).device).toMatchObject({
      queue: {
        totalCount: 3,
        nodes: [
          { requestType: 'DeviceInformation' },
          { requestType: 'ProfileList' },
          { requestType: 'InstalledApplicationList' },
        ],
      },
      pushes: { nodes: expect.arrayContaining([{ status: expect.any(String), device: { id } }]) },
    });

    await device.connect();
    const shown = await world.server.data(
      `query ($id: ID!, $uuid: UUID!) {
        command(by: { uuid: $uuid }) { id status request payload result errorChain { code } answeredAt device { id information { values asOf } } }
        device(by: { id: $id }) {
          commands(filter: { active: false }) { nodes { requestType status } }
          queue { totalCount }
          installedApplications(first: 2) { asOf totalCount edges { cursor node { identifier name } } pageInfo { hasNextPage endCursor } }
        }
        commands(deviceIds: [$id], filter: { requestType: "ProfileList", statuses: [ACKNOWLEDGED] }) { totalCount nodes { requestType } }
      }`,
      { id, uuid: command.uuid },
    );
    expect(shown.command).toMatchObject({
      id: command.id,
      status: 'ACKNOWLEDGED',
      request: { RequestType: 'DeviceInformation', Queries: ['DeviceName', 'OSVersion', 'UDID'] },
      payload: expect.stringContaining(`<string>${command.uuid}</string>`),
      result: { Status: 'Acknowledged', QueryResponses: { DeviceName: device.facts.deviceName } },
      errorChain: [],
      device: { id, information: { values: { OSVersion: device.facts.osVersion } } },
    });
    expect(shown.device.commands.nodes.map((node: { requestType: string }) => node.requestType)).toEqual([
      'InstalledApplicationList',
      'ProfileList',
      'DeviceInformation',
    ]);
    expect(shown.device.queue.totalCount).toBe(0);
    expect(shown.commands).toEqual({ totalCount: 1, nodes: [{ requestType: 'ProfileList' }] });
    const { installedApplications } = shown.device;
    expect(installedApplications).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await world.server.data(
      'query ($id: ID!, $after: String) { device(by: { id: $id }) { installedApplications(first: 2, after: $after) { nodes { identifier } pageInfo { hasNextPage } } } }',
      { id, after: installedApplications.pageInfo.endCursor },
    );
    expect(rest.device.installedApplications).toMatchObject({
      nodes: [expect.anything()],
      pageInfo: { hasNextPage: false },
    });

    const viewer = await world.server.graphql(
      'query ($uuid: UUID!) { command(by: { uuid: $uuid }) { request payload result } }',
      { uuid: command.uuid },
      await world.token('VIEWER'),
    );
    expect(viewer.data.command).toMatchObject({
      request: null,
      payload: null,
      result: { Status: 'Acknowledged' },
    });
  });

  it('refuses commands that mean nothing, and cancels those that wait', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const refused = async (input: object) => {
      const { commandSend } = await world.server.data(SEND, { input: { deviceIds: [id], ...input } });
      expect(commandSend.results).toBeNull();
      return commandSend.userErrors;
    };
    expect(await refused({ requestType: 'DeviceLok' })).toMatchObject([
      { code: 'INVALID', message: expect.stringContaining('DeviceLock'), path: ['input', 'requestType'] },
    ]);
    expect(await refused({ requestType: 'RemoveProfile', parameters: {} })).toMatchObject([
      { code: 'INVALID', path: ['input', 'parameters', 'Identifier'] },
    ]);
    expect(await refused({ requestType: 'RemoveProfile', parameters: [1] })).toMatchObject([
      { code: 'INVALID', path: ['input', 'parameters'] },
    ]);
    expect(await refused({})).toMatchObject([{ code: 'INVALID', path: ['input', 'requestType'] }]);
    expect(await refused({ requestType: 'ProfileList', expiresAt: '2001-01-01T00:00:00Z' })).toMatchObject([
      { path: ['input', 'expiresAt'] },
    ]);

    const plist = Buffer.from(
      '<plist version="1.0"><dict><key>RequestType</key><string>Brandnew</string></dict></plist>',
    ).toString('base64');
    const { commandSend } = await world.server.data(SEND, { input: { deviceIds: [id], plist } });
    const commandId = commandSend.results[0].command.id;
    const cancel = `mutation ($ids: [ID!]!) {
      commandCancel(input: { commandIds: $ids }) { results { commandId command { status errorChain { usEnglishDescription } } error { code } } userErrors { path } }
    }`;
    const cancelled = await world.server.data(cancel, { ids: [commandId] });
    expect(cancelled.commandCancel).toMatchObject({
      results: [
        {
          commandId,
          command: {
            status: 'CANCELLED',
            errorChain: [{ usEnglishDescription: 'Cancelled by an operator.' }],
          },
          error: null,
        },
      ],
      userErrors: [],
    });
    const log = await device.connect();
    expect(log.commands.map(({ requestType }) => requestType)).not.toContain('Brandnew');
    await world.server.data(SEND, { input: { deviceIds: [id], requestType: 'ProfileList' } });
    await device.connect();
    const finished = await world.server.data(
      'query ($id: ID!) { device(by: { id: $id }) { commands(first: 1) { nodes { id } } } }',
      { id },
    );
    const late = await world.server.data(cancel, { ids: [finished.device.commands.nodes[0].id] });
    expect(late.commandCancel).toMatchObject({
      results: [{ command: { status: 'ACKNOWLEDGED' }, error: { code: 'CONFLICT' } }],
      userErrors: [{ path: ['input', 'commandIds', '0'] }],
    });
  });

  it('are planned, given a workflow, and converge; what failed is tried again', async () => {
    const device = await world.enrolled();
    const id = await world.idOf(device);
    const profile = await world.profile('org.example.deploy');
    const refusedOnce = await world.profile('org.example.refused');
    const inner = await world.workflow('Deployed inside', { profileIds: [profile] });
    const workflow = await world.workflow('Deployed', {
      profileIds: [refusedOnce],
      includedWorkflowIds: [inner],
    });
    const plan = `mutation ($input: WorkflowPlanInput!) {
      workflowPlan(input: $input) {
        results { device { id } enrolled changes { action kind requestType identifier subject { ... on Profile { payloadIdentifier } } } }
        userErrors { code path }
        query { devices(filter: { workflowId: "${workflow}" }) { totalCount } }
      }
    }`;
    const change = (identifier: string) => ({
      action: 'INSTALL',
      kind: 'PROFILE',
      requestType: 'InstallProfile',
      identifier,
      subject: { payloadIdentifier: identifier },
    });
    const planned = await world.server.data(plan, { input: { deviceIds: [id], workflowId: workflow } });
    expect(planned.workflowPlan).toEqual({
      results: [
        {
          device: { id },
          enrolled: true,
          changes: [change('org.example.deploy'), change('org.example.refused')],
        },
      ],
      userErrors: [],
      query: { devices: { totalCount: 0 } },
    });

    const assign = `mutation ($input: DeviceAssignWorkflowInput!) {
      deviceAssignWorkflow(input: $input) { results { device { workflow { name } deployment { status } } error { code } } userErrors { code path } }
    }`;
    const assigned = await world.server.data(assign, { input: { deviceIds: [id], workflowId: workflow } });
    expect(assigned.deviceAssignWorkflow).toEqual({
      results: [
        { device: { workflow: { name: 'Deployed' }, deployment: { status: 'PENDING' } }, error: null },
      ],
      userErrors: [],
    });
    expect(
      (await world.server.data(plan, { input: { deviceIds: [id], workflowId: workflow } })).workflowPlan
        .results[0].changes,
    ).toEqual([]);

    device.behave('InstallProfile', 'acknowledge', 1);
    device.behave(
      'InstallProfile',
      {
        error: [
          {
            ErrorCode: 4001,
            ErrorDomain: 'MCInstallationErrorDomain',
            LocalizedDescription: 'no',
            USEnglishDescription: 'It does not fit.',
          },
        ],
      },
      1,
    );
    await device.connect();
    const query = `query ($id: ID!) { device(by: { id: $id }) { deployment {
      status convergedAt workflow { name rollout { total failed converged } } counts { total installed failed }
      items { nodes { status reason wantedRevision knownRevision command { id } subject { ... on Profile { payloadIdentifier } } } }
    } } }`;
    expect((await world.server.data(query, { id })).device.deployment).toMatchObject({
      status: 'FAILED',
      convergedAt: null,
      workflow: { name: 'Deployed', rollout: { total: 1, failed: 1, converged: 0 } },
      counts: { total: 2, installed: 1, failed: 1 },
      items: {
        nodes: [
          {
            status: 'INSTALLED',
            reason: null,
            command: null,
            subject: { payloadIdentifier: 'org.example.deploy' },
          },
          {
            status: 'FAILED',
            reason: expect.stringContaining('It does not fit.'),
            subject: { payloadIdentifier: 'org.example.refused' },
          },
        ],
      },
    });
    const retry =
      'mutation ($id: ID!) { deploymentRetry(input: { deviceIds: [$id] }) { results { retried device { deployment { status } } } userErrors { code } } }';
    expect((await world.server.data(retry, { id })).deploymentRetry).toEqual({
      results: [{ retried: true, device: { deployment: { status: 'PENDING' } } }],
      userErrors: [],
    });
    await device.connect();
    expect((await world.server.data(query, { id })).device.deployment).toMatchObject({
      status: 'CONVERGED',
      convergedAt: expect.any(String),
      counts: { installed: 2 },
    });
    expect((await world.server.data(retry, { id })).deploymentRetry.results[0].retried).toBe(false);

    const unknown = await world.server.data(assign, {
      input: {
        deviceIds: [id],
        workflowId: Buffer.from('Workflow:018f3c6e-5b7a-7cc3-9d5e-0b6f0a1c2d3e').toString('base64url'),
      },
    });
    expect(unknown.deviceAssignWorkflow).toEqual({
      results: null,
      userErrors: [{ code: 'INVALID', path: ['input', 'workflowId'] }],
    });
  });

  it('may be woken, and allowed to enrol anew, each with its own answer', async () => {
    const [here, gone] = [await world.enrolled(), await world.enrolled()];
    const ids = [await world.idOf(here), await world.idOf(gone)];
    await gone.checkOut();
    const push =
      'mutation ($ids: [ID!]!) { devicePush(input: { deviceIds: $ids }) { results { push { id device { id } } error { code } } userErrors { code path } } }';
    const { devicePush } = await world.server.data(push, { ids });
    expect(devicePush).toMatchObject({
      results: [
        { push: { device: { id: ids[0] } }, error: null },
        { push: null, error: { code: 'NOT_ENROLLED' } },
      ],
      userErrors: [{ code: 'NOT_ENROLLED', path: ['input', 'deviceIds', '1'] }],
    });
    const allow =
      'mutation ($ids: [ID!]!) { deviceAllowReenrollment(input: { deviceIds: $ids }) { results { error { code } } } }';
    expect((await world.server.data(allow, { ids })).deviceAllowReenrollment.results).toEqual([
      { error: null },
      { error: null },
    ]);
    const { nodes } = await world.server.data(
      'query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Device { enrollment { status } } ... on Push { status } } }',
      {
        ids: [...ids, devicePush.results[0].push.id],
      },
    );
    expect(nodes).toMatchObject([
      { enrollment: { status: 'ENROLLED' } },
      { enrollment: { status: 'UNENROLLED' } },
      { status: expect.any(String) },
    ]);
  });

  it('come with a catalogue of commands and a server that says what it is', async () => {
    const data = await world.server.data(`{
      commandTypes(platform: IPADOS) { requestType platforms { platform introduced } keys { key type required keys { key } item { type } } }
      server { version database features pushConfigured limits { maxCost maxBulk } certificates { purpose daysLeft } eventCursor }
    }`);
    const byName = new Map(
      data.commandTypes.map((type: { requestType: string }) => [type.requestType, type]),
    );
    expect(byName.get('DeviceInformation')).toMatchObject({
      keys: expect.arrayContaining([
        expect.objectContaining({ key: 'Queries', type: 'ARRAY', item: { type: 'STRING' } }),
      ]),
    });
    expect(byName.has('AccountConfiguration')).toBe(false);
    expect(data.server).toMatchObject({
      features: ['DEVICE_ENROLLMENT'],
      pushConfigured: false,
      // The server's own authority, and the one it was told of.
      certificates: [
        { purpose: 'DEVICE_CA', daysLeft: expect.any(Number) },
        { purpose: 'DEVICE_CA', daysLeft: expect.any(Number) },
      ],
    });
  });
});
