import type { X509Certificate } from 'node:crypto';
import { Server as HttpsServer, type ServerOptions } from 'node:https';
import type { FastifyInstance } from 'fastify';
import { isLoopback, type Config } from '../config/index.js';
import { createHttp, listen } from '../http.js';
import type { Logger } from '../log.js';
import type { Tls } from './tls.js';
import { urlOf } from './urls.js';

const DEVICES_ONLY = 'Devices are answered here, and nobody else.';

export interface ListenersHouse {
  readonly config: Config;
  readonly log: Logger;
  /** Without it, plain HTTP is spoken. */
  readonly tls: Tls | undefined;
  /** The authorities whose certificates devices are asked for, if they are asked. */
  readonly anchors: readonly X509Certificate[];
}

/** Where the server listens: in one place for all, or in one for devices and one for people and programs. */
export class Listeners {
  /** For the doors of people and programs. */
  readonly admin: FastifyInstance;
  /** For the doors of devices; the same one unless they are apart. */
  readonly device: FastifyInstance;

  constructor(private readonly house: ListenersHouse) {
    const apart = house.config.DEVICE_PORT !== undefined;
    this.admin = this.#create({});
    this.device = apart ? this.#create(this.#clientCertificates(), DEVICES_ONLY) : this.admin;
  }

  /** Each once. */
  get all(): readonly FastifyInstance[] {
    return [...new Set([this.admin, this.device])];
  }

  get adminUrl(): string {
    const { HOST, PORT } = this.house.config;
    return this.#urlOf(this.admin, HOST, PORT);
  }

  get deviceUrl(): string {
    const { HOST, DEVICE_HOST, DEVICE_PORT } = this.house.config;
    if (DEVICE_PORT === undefined) return this.adminUrl;
    return this.#urlOf(this.device, DEVICE_HOST ?? HOST, DEVICE_PORT);
  }

  /** Begins to answer everywhere, or nowhere. Throws ConfigError when an address cannot be listened on. */
  async listen(): Promise<void> {
    const { HOST, PORT, DEVICE_HOST, DEVICE_PORT } = this.house.config;
    try {
      await listen(this.admin, this.#bindTo(HOST), PORT);
      if (DEVICE_PORT !== undefined)
        await listen(this.device, this.#bindTo(DEVICE_HOST ?? HOST), DEVICE_PORT, 'POMONA_DEVICE_');
    } catch (error) {
      await this.close();
      throw error;
    }
    this.#warnOfPlainHttp();
  }

  /** Takes no more requests, and finishes those under way. */
  async close(): Promise<void> {
    await Promise.all(this.all.map((one) => one.close()));
  }

  #create(asking: ServerOptions, whereThingsAre?: string): FastifyInstance {
    const { log, tls } = this.house;
    const http = createHttp(log, {
      tls: tls === undefined ? undefined : { ...tls.context, ...asking },
      ...(whereThingsAre === undefined ? {} : { whereThingsAre }),
    });
    tls?.follow((context) => {
      if (http.server instanceof HttpsServer) http.server.setSecureContext({ ...context, ca: asking.ca });
    });
    return http;
  }

  /** Any certificate is let in, and none is, too: whose it is, the door finds out, as of all identities. */
  #clientCertificates(): ServerOptions {
    const { config, anchors } = this.house;
    if (config.DEVICE_CLIENT_CERTS === 'off') return {};
    return { requestCert: true, rejectUnauthorized: false, ca: anchors.map((anchor) => anchor.toString()) };
  }

  #urlOf(http: FastifyInstance, host: string, port: number): string {
    return urlOf(http, { host, port, certificate: this.house.tls?.certificate });
  }

  #warnOfPlainHttp(): void {
    const { PUBLIC_URL: url } = this.house.config;
    if (url === undefined || !url.startsWith('http:') || isLoopback(new URL(url).hostname)) return;
    this.house.log.warn(
      `POMONA_PUBLIC_URL is ${url}: tokens and secrets travel there for all to read, and Apple's devices enrol by https alone. Give it an https:// address (docs/tls.md)`,
    );
  }

  /**
   * For the other address of `localhost` Fastify opens a server of its own, which a new certificate would not reach, and which
   * leaves sockets hanging that want to become WebSockets where there are none.
   */
  #bindTo(host: string): string {
    const alone = this.house.tls === undefined && this.device === this.admin;
    return host === 'localhost' && !alone ? '127.0.0.1' : host;
  }
}
