import { setTimeout as sleep } from 'node:timers/promises';
import { isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';
import { Connections, type PreparedRequest } from '../../simulator/device/index.js';

/** When the server is killed: at which request, and whether after its answer or so many milliseconds after it was sent. */
export interface KillPoint {
  readonly request: number;
  readonly afterMs: number | 'answer';
}

/** The server is dead: the journey ends here. */
export class Killed extends Error {}

/**
 * Sees everything that goes between one journey and the server, remembers what was answered 2xx, and has the server
 * killed at a given point. What it remembers is what must never be lost.
 */
export class Witness {
  /** Check-in messages that were accepted, in order. */
  readonly accepted: PlistDict[] = [];
  /** Commands whose reports were accepted, with the status reported. */
  readonly reported = new Map<string, string>();
  /** The command that was handed out last, if its report has not been sent. */
  unanswered: string | undefined;
  requests = 0;
  isDead = false;

  constructor(
    private readonly point: KillPoint | undefined,
    private readonly kill: () => Promise<void>,
  ) {}

  /** Passes one request on, or kills the server around it. */
  async pass<T>(send: () => Promise<T>): Promise<T> {
    if (this.isDead) throw new Killed();
    this.requests += 1;
    if (this.requests !== this.point?.request) return send();
    this.isDead = true;
    const { afterMs } = this.point;
    const sending = send();
    const settled = sending.then(
      () => undefined,
      () => undefined,
    );
    await (afterMs === 'answer' ? settled : sleep(afterMs));
    await this.kill();
    // Answered all the same before it died: that counts.
    return sending.catch((error: unknown) => Promise.reject(new Killed(String(error))));
  }

  sent(body: PlistDict): void {
    if (body['CommandUUID'] === this.unanswered) this.unanswered = undefined;
  }

  answered(body: PlistDict, answer: Buffer): void {
    if (typeof body['MessageType'] === 'string') this.accepted.push(body);
    if (typeof body['CommandUUID'] === 'string')
      this.reported.set(body['CommandUUID'], String(body['Status']));
    const next = answer.length === 0 ? undefined : dictOf(answer)['CommandUUID'];
    if (typeof next === 'string') this.unanswered = next;
  }
}

/** The sockets of a device, with the witness in between. */
export class WitnessedConnections extends Connections {
  constructor(public witness: Witness) {
    super();
  }

  override async put(base: string, request: PreparedRequest) {
    const { witness } = this;
    const body = dictOf(request.body);
    const answer = await witness.pass(() => {
      witness.sent(body);
      return super.put(base, request);
    });
    if (answer.status === 200) witness.answered(body, answer.body);
    return answer;
  }
}

function dictOf(bytes: Buffer): PlistDict {
  const value = parsePlist(bytes);
  return isDict(value) ? value : {};
}
