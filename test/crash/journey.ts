import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SimulatedDevice } from '../../simulator/device/index.js';
import { issueDeviceIdentity, type Issued } from '../../simulator/pki.js';
import { Killed, Witness, WitnessedConnections, type KillPoint } from './witness.js';
import type { Reader } from './reader.js';
import { ADMIN_TOKEN, type ServerProcess } from './server-process.js';

const FINAL: Readonly<Record<string, string>> = {
  Acknowledged: 'ACKNOWLEDGED',
  Error: 'ERROR',
  CommandFormatError: 'FORMAT_ERROR',
};
const PROFILES = ['wifi', 'passcode', 'restrictions'];

/** One call of the API. Throws what it was refused for. */
export async function graphql<T>(url: string, query: string, variables: Record<string, unknown>): Promise<T> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${ADMIN_TOKEN}` },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

/** A workflow with three profiles; its id. */
export async function createWorkflow(url: string): Promise<string> {
  const profileIds: string[] = [];
  for (const name of PROFILES) {
    const file = join(import.meta.dirname, '../../simulator/profiles', `${name}.mobileconfig`);
    const content = readFileSync(file).toString('base64');
    const { profileCreate } = await graphql<{ profileCreate: { profile: { id: string } } }>(
      url,
      'mutation ($content: Base64!) { profileCreate(input: {content: $content}) { profile { id } } }',
      { content },
    );
    profileIds.push(profileCreate.profile.id);
  }
  const { workflowCreate } = await graphql<{ workflowCreate: { workflow: { id: string } } }>(
    url,
    'mutation ($ids: [ID!]) { workflowCreate(input: {name: "Everyone", profileIds: $ids}) { workflow { id } } }',
    { ids: profileIds },
  );
  return workflowCreate.workflow.id;
}

/** The life of one device, from Authenticate to CheckOut, with everything the server promised on the way. */
export class Journey {
  readonly device: SimulatedDevice;
  readonly #connections: WitnessedConnections;
  /** Commands that the API said were queued, and those whose reports were accepted. */
  readonly queued: string[] = [];
  readonly reported = new Map<string, string>();
  #assigned: string | null | undefined;
  #id = '';
  #witness: Witness;

  constructor(
    private readonly server: ServerProcess,
    private readonly workflowId: string,
    ca: Issued,
    point?: KillPoint,
  ) {
    this.#witness = new Witness(point, () => server.kill());
    this.#connections = new WitnessedConnections(this.#witness);
    const identity = issueDeviceIdentity(ca, 'device', { keyType: 'ec' });
    const topic = 'com.apple.mgmt.External.crash';
    this.device = new SimulatedDevice({
      serverUrl: server.url,
      identity,
      topic,
      connections: this.#connections,
    });
  }

  get requests(): number {
    return this.#witness.requests;
  }

  get left(): boolean {
    return this.#accepted('CheckOut') > 0;
  }

  /** Everything in order. @returns whether the server was killed on the way */
  async travel(): Promise<boolean> {
    const { device } = this;
    device.behave('RestartDevice', { notNow: true }, 1);
    try {
      await this.#enrol();
      await this.#assign(this.workflowId);
      await this.#send('DeviceInformation', { Queries: ['OSVersion'] });
      await this.#connect();
      await this.#send('RestartDevice');
      await this.#connect();
      await device.tokenUpdate({ newToken: true });
      await this.#connect();
      await this.#assign(null);
      await this.#send('DeviceInformation', { Queries: ['DeviceName'] });
      await this.#connect();
      await this.#send('DeviceLock');
      await device.checkOut();
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    } finally {
      for (const [uuid, status] of this.#witness.reported) this.reported.set(uuid, status);
    }
    return this.#witness.isDead;
  }

  /** What was answered 2xx is there. The device has been silent since the server was killed. */
  async check(reader: Reader): Promise<void> {
    await reader.snapshot(async (query) => {
      const [row] = await query(
        `SELECT d.uuid, d.enrollment_status AS status, d.workflow_uuid AS workflow, c.push_token AS token
           FROM devices d JOIN channels c ON c.device_uuid = d.uuid WHERE d.udid = ?`,
        [this.device.facts.udid],
      );
      const updates = this.#witness.accepted.filter((message) => message['MessageType'] === 'TokenUpdate');
      if (this.#witness.accepted.length > 0) expect(row).toBeDefined();
      if (this.left) expect(row).toMatchObject({ status: 'UNENROLLED', token: null });
      else if (updates.length > 0 && !this.#maybe('CheckOut')) {
        expect(row).toMatchObject({ status: 'ENROLLED' });
        const tokens = updates.map((message) => (message['Token'] as Buffer).toString('hex'));
        expect([...tokens.slice(-1), this.device.state.pushToken?.toString('hex')]).toContain(row?.['token']);
      }
      if (this.#assigned !== undefined) expect(row?.['workflow'] === null).toBe(this.#assigned === null);
      const commands = await query('SELECT uuid, status FROM commands WHERE device_uuid = ?', [
        String(row?.['uuid']),
      ]);
      const status = new Map(commands.map((command) => [command['uuid'], command['status']]));
      for (const uuid of this.queued) expect(status.has(uuid), `the command ${uuid} was queued`).toBe(true);
      for (const [uuid, report] of this.reported) {
        if (FINAL[report] !== undefined)
          expect(status.get(uuid), `the command ${uuid} was answered`).toBe(FINAL[report]);
      }
    });
  }

  /** A command that was handed out and not answered is handed out again, under its name. */
  async checkRedelivery(): Promise<void> {
    const { unanswered } = this.#witness;
    this.#begin();
    if (unanswered === undefined || this.left || this.#maybe('CheckOut')) return;
    expect((await this.device.idle()).command?.uuid).toBe(unanswered);
  }

  /** The device goes on as devices do, until it has all it should have. */
  async finish(): Promise<void> {
    const { device } = this;
    if (!device.state.enrolled) await this.#enrol();
    // Killed as the enrolment was answered, the server could not be asked for it.
    else if (this.#id === '') await this.#learnId();
    await this.#assign(this.workflowId);
    await this.#connect();
    await this.#connect();
    const installed = [...device.state.profiles.keys()];
    expect(installed).toHaveLength(PROFILES.length);
    expect((await device.idle()).command).toBeUndefined();
  }

  close(): void {
    this.#connections.close();
  }

  /** From here on nobody kills the server. */
  #begin(): void {
    const before = this.#witness;
    this.#witness = new Witness(undefined, async () => undefined);
    this.#witness.accepted.push(...before.accepted);
    this.#connections.witness = this.#witness;
  }

  #accepted(messageType: string): number {
    return this.#witness.accepted.filter((message) => message['MessageType'] === messageType).length;
  }

  /** Whether the message may have arrived: the device left, and was not told that the server knows. */
  #maybe(messageType: string): boolean {
    return messageType === 'CheckOut' && !this.device.state.enrolled && this.#accepted('TokenUpdate') > 0;
  }

  async #enrol(): Promise<void> {
    const answer = await this.device.enroll();
    expect(answer.status).toBe(200);
    await this.#learnId();
  }

  async #learnId(): Promise<void> {
    const { devices } = await graphql<{ devices: { nodes: { id: string }[] } }>(
      this.server.url,
      'query ($udid: String!) { devices(first: 1, filter: {search: $udid}) { nodes { id } } }',
      { udid: this.device.facts.udid },
    ).catch(this.#ended);
    this.#id = devices.nodes[0]!.id;
  }

  async #connect(): Promise<void> {
    expect((await this.device.connect()).end).toBe('empty');
  }

  async #assign(workflowId: string | null): Promise<void> {
    // Until it is answered, nobody knows whether it was done.
    this.#assigned = undefined;
    const { deviceAssignWorkflow } = await this.#call<{ deviceAssignWorkflow: { userErrors: object[] } }>(
      'mutation ($id: ID!, $workflow: ID) { deviceAssignWorkflow(input: {deviceIds: [$id], workflowId: $workflow}) { userErrors { message } } }',
      { id: this.#id, workflow: workflowId },
    );
    expect(deviceAssignWorkflow.userErrors).toEqual([]);
    this.#assigned = workflowId;
  }

  async #send(requestType: string, parameters: Record<string, unknown> = {}): Promise<void> {
    const { commandSend } = await this.#call<{
      commandSend: { results: { command: { uuid: string } | null }[] };
    }>(
      `mutation ($id: ID!, $type: String!, $parameters: JSON) {
         commandSend(input: {deviceIds: [$id], requestType: $type, parameters: $parameters}) { results { command { uuid } } } }`,
      { id: this.#id, type: requestType, parameters },
    );
    this.queued.push(commandSend.results[0]!.command!.uuid);
  }

  #call<T>(query: string, variables: Record<string, unknown>): Promise<T> {
    return this.#witness.pass(() => graphql<T>(this.server.url, query, variables));
  }

  /** A question that counts as no request failed: the server is dead already. */
  readonly #ended = (error: unknown): never => {
    throw this.#witness.isDead ? new Killed(String(error)) : error;
  };
}
