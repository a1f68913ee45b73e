import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import type { ReceivedPush, ScriptedAnswer } from './push.js';
import { magicOf, tokenOf, validate, type ApnsRequest } from './validate.js';

/** When to say GOAWAY, with which code, and on how many connections more. */
export interface GoAway {
  after: number;
  code: number;
  times: number;
}

/** What the fake tells, and is told by, one of its connections. */
export interface Backstage {
  answerFor(token: string): ScriptedAnswer | undefined;
  topicOf(token: string): string | undefined;
  goAway(): GoAway | undefined;
  slowMs(): number;
  hanging(): boolean;
  opened(streams: number): void;
  received(push: ReceivedPush): void;
}

/** The fake's side of one connection. */
export class Conversation {
  readonly #session: ServerHttp2Session;
  readonly #number: number;
  readonly #backstage: Backstage;
  readonly #certificateTopic: string | undefined;
  readonly #certificateSha256: string | undefined;
  #requests = 0;
  #open = 0;
  #goneAway = false;

  constructor(session: ServerHttp2Session, number: number, backstage: Backstage) {
    this.#session = session;
    this.#number = number;
    this.#backstage = backstage;
    const { subject, fingerprint256 } = (session.socket as TLSSocket).getPeerCertificate();
    this.#certificateTopic = userId(subject);
    this.#certificateSha256 = fingerprint256?.replaceAll(':', '').toLowerCase();
  }

  start(): void {
    this.#session.on('error', () => {});
    this.#session.on('stream', (stream, headers, _flags, rawHeaders) => {
      stream.on('error', () => {});
      if (this.#goneAway) return;
      stream.once('close', () => this.#open--);
      this.#backstage.opened(++this.#open);
      // A sender that leaves in the middle of its request is no business of the fake's.
      this.#serve(stream, headers, rawHeaders as unknown as string[]).catch(() => {});
      this.#perhapsGoAway(stream);
    });
  }

  /** RFC 9113 section 6.8: streams above the one named were not looked at and may be sent again elsewhere. */
  #perhapsGoAway(last: ServerHttp2Stream): void {
    const goAway = this.#backstage.goAway();
    if (!goAway || goAway.times <= 0 || ++this.#requests < goAway.after) return;
    goAway.times--;
    this.#goneAway = true;
    this.#session.goaway(goAway.code, last.id);
  }

  async #serve(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, rawHeaders: string[]): Promise<void> {
    const push = this.#read(headers, await text(stream));
    const answer = this.#decide(push, rawHeaders);
    if (this.#backstage.hanging()) return this.#backstage.received(push);
    const delay = (answer.delayMs ?? 0) + this.#backstage.slowMs();
    if (delay > 0) await sleep(delay, undefined, { ref: false });
    if (stream.destroyed) return this.#backstage.received(push);
    respond(stream, push.apnsId || randomUUID(), answer);
    this.#backstage.received({ ...push, status: answer.status, reason: answer.reason });
  }

  #read(headers: IncomingHttpHeaders, body: string): ReceivedPush {
    const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    return {
      token: tokenOf(flat[':path'] ?? ''),
      pushMagic: magicOf(body),
      topic: flat['apns-topic'] ?? '',
      apnsId: flat['apns-id'] ?? '',
      pushType: flat['apns-push-type'] ?? '',
      priority: flat['apns-priority'] ?? '',
      expiration: Number(flat['apns-expiration'] ?? Number.NaN),
      body,
      headers: flat,
      status: 0,
      at: new Date(),
      connection: this.#number,
      certificateSha256: this.#certificateSha256,
    };
  }

  /** The script may answer a good request badly, but nothing makes a bad request good. */
  #decide(push: ReceivedPush, rawHeaders: string[]): ScriptedAnswer {
    const { headers, body, token } = push;
    const request: ApnsRequest = {
      method: headers[':method'] ?? '',
      path: headers[':path'] ?? '',
      rawHeaders,
      headers,
      body,
    };
    const known = { certificateTopic: this.#certificateTopic, tokenTopic: this.#backstage.topicOf(token) };
    return validate(request, known) ?? this.#backstage.answerFor(token) ?? { status: 200 };
  }
}

function respond(stream: ServerHttp2Stream, apnsId: string, answer: ScriptedAnswer): void {
  stream.respond({ ':status': answer.status, 'apns-id': apnsId, ...answer.headers });
  const { reason, timestamp } = answer;
  stream.end(reason === undefined ? '' : JSON.stringify({ reason, timestamp: timestamp?.getTime() }));
}

function userId(subject: PeerCertificate['subject'] | undefined): string | undefined {
  const uid = subject?.['UID'];
  return Array.isArray(uid) ? uid[0] : uid;
}
