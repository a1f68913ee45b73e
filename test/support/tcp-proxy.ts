import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands between a client and a server on this machine, and fails as networks do. */
export class TcpProxy {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #refusing = false;
  #port = 0;

  private constructor(target: { host: string; port: number }) {
    this.#server = createServer((client) => this.#join(client, target));
  }

  /** `url`: where the true server is. */
  static async before(url: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(url);
    const proxy = new TcpProxy({ host: hostname, port: Number(port) });
    await proxy.#listen(0);
    return proxy;
  }

  /** The same address, through this proxy. */
  through(url: string): string {
    const other = new URL(url);
    other.host = `127.0.0.1:${this.#port}`;
    return other.href;
  }

  /** Cuts every connection now; new ones are still taken. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** From now on connections are accepted and dropped at once, as by a proxy whose server is gone. */
  drop(): void {
    this.#refusing = true;
    this.cut();
  }

  /** From now on nothing listens. */
  async vanish(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.cut();
    await closed;
  }

  /** All is well again. */
  async restore(): Promise<void> {
    this.#refusing = false;
    if (!this.#server.listening) await this.#listen(this.#port);
  }

  async close(): Promise<void> {
    if (this.#server.listening) await this.vanish();
  }

  #listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, '127.0.0.1', () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        this.#server.off('error', reject);
        resolve();
      });
    });
  }

  #join(client: Socket, target: { host: string; port: number }): void {
    if (this.#refusing) return void client.destroy();
    const server = connect(target);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.#sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
