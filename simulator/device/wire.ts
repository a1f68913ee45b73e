import type { OutgoingHttpHeaders } from 'node:http';
import { buildPlist, isDict, parsePlist, type PlistDict } from '../../src/apple/plist/index.js';
import { signDetached } from '../cms-sign.js';
import type { Issued } from '../pki.js';
import type { Connections, HttpAnswer, PreparedRequest } from './transport.js';

export const CHECK_IN_TYPE = 'application/x-apple-aspen-mdm-checkin';
export const CONNECT_TYPE = 'application/x-apple-aspen-mdm; charset=UTF-8';

/** A command as the server sent it; `body` is its `Command` dictionary. */
export interface Command {
  readonly uuid: string;
  readonly requestType: string;
  readonly body: PlistDict;
}

/** What the server answered. `command` is there when a connect request was answered with one. */
export interface Answer extends HttpAnswer {
  readonly command?: Command;
}

export type ReportStatus = 'Idle' | 'Acknowledged' | 'Error' | 'CommandFormatError' | 'NotNow';

export interface SigningOptions {
  /** Put the body inside the signature too, as some test clients do. Apple's devices do not. */
  attached?: boolean;
  digest?: 'sha1' | 'sha256';
}

/** The client certificate in a header, as a proxy that ended TLS forwards it. */
export interface ViaProxy {
  /** `rfc9440`: `:base64 DER:`. `pem`: percent-encoded PEM, as nginx writes it. */
  header: 'rfc9440' | 'pem';
  /** Default `Client-Cert`, or `X-Client-Cert` for `pem`. */
  name?: string;
}

export interface WireOptions {
  serverUrl: string;
  identity: Issued;
  connections: Connections;
  signing?: SigningOptions;
  via?: ViaProxy;
  checkInPath?: string;
  connectPath?: string;
}

/** A 200 that is neither empty nor a command: no device would understand it. */
export class BadCommandError extends Error {
  constructor(
    reason: string,
    readonly body: Buffer,
  ) {
    super(`The server's answer is not a command: ${reason}`);
    this.name = 'BadCommandError';
  }
}

/** The device's end of the two addresses: content types, identity, and reading what comes back. */
export class Wire {
  identity: Issued;
  readonly #options: WireOptions;
  readonly #checkInPath: string;
  readonly #connectPath: string;

  constructor(options: WireOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.#checkInPath = options.checkInPath ?? '/mdm/checkin';
    this.#connectPath = options.connectPath ?? '/mdm/connect';
  }

  prepareCheckIn(message: PlistDict): PreparedRequest {
    return this.prepare(this.#checkInPath, buildPlist(message), { 'content-type': CHECK_IN_TYPE });
  }

  prepareConnect(body: Buffer): PreparedRequest {
    return this.prepare(this.#connectPath, body, { 'content-type': CONNECT_TYPE });
  }

  /** Adds the identity of the device to `headers`; one given as `undefined` is left out altogether. */
  prepare(path: string, body: Buffer, headers: OutgoingHttpHeaders = {}): PreparedRequest {
    const given = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    const all = new Map([...Object.entries(this.#proof(body)), ...given]);
    const kept = [...all].filter(([, value]) => value !== undefined);
    return { path, body, headers: Object.fromEntries(kept) };
  }

  /** @throws {BadCommandError} when connect answers 200 with something that is not a command. */
  async send(request: PreparedRequest): Promise<Answer> {
    const answer = await this.#options.connections.put(this.#options.serverUrl, request);
    const mayHoldCommand = request.path === this.#connectPath && answer.status === 200;
    return mayHoldCommand && answer.body.length > 0
      ? { ...answer, command: readCommand(answer.body) }
      : answer;
  }

  #proof(body: Buffer): Record<string, string> {
    const { via, signing } = this.#options;
    const { certDer, certPem, key } = this.identity;
    if (via?.header === 'rfc9440') {
      return { [(via.name ?? 'client-cert').toLowerCase()]: `:${certDer.toString('base64')}:` };
    }
    if (via?.header === 'pem') {
      return { [(via.name ?? 'x-client-cert').toLowerCase()]: encodeURIComponent(certPem) };
    }
    return { 'mdm-signature': signDetached(body, { certDer, key, ...signing }).toString('base64') };
  }
}

function readCommand(bytes: Buffer): Command {
  const message = parseOr(bytes);
  if (!isDict(message)) throw new BadCommandError('not a dictionary', bytes);
  const { CommandUUID: uuid, Command: body } = message;
  if (typeof uuid !== 'string') throw new BadCommandError('no CommandUUID', bytes);
  if (!isDict(body)) throw new BadCommandError('no Command', bytes);
  if (typeof body['RequestType'] !== 'string') throw new BadCommandError('no RequestType', bytes);
  return { uuid, requestType: body['RequestType'], body };
}

function parseOr(bytes: Buffer): unknown {
  try {
    return parsePlist(bytes);
  } catch (error) {
    throw new BadCommandError(String(error), bytes);
  }
}
