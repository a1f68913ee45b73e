import { afterAll } from 'vitest';
import { createClient, type ClientOptions, type PomonaClient } from '../../sdk/typescript/src/index.ts';
import { SendCommand } from '../../sdk/typescript/src/generated/operations.ts';
import type { World } from '../graphql/world.js';

/** Clients of a world's server, closed at the end of the suite. */
export interface Clients {
  (options?: Partial<ClientOptions>): PomonaClient;
  /** Queues a command for devices; the id of the first device's. */
  send(deviceIds: string[], requestType: string): Promise<string>;
  /** `server { eventCursor }`. */
  cursor(): Promise<string>;
}

export function useClients(world: World): Clients {
  const open: PomonaClient[] = [];
  afterAll(() => open.forEach((one) => one.close()));
  const client = (options: Partial<ClientOptions> = {}): PomonaClient => {
    const { url, token } = world.server;
    const made = createClient({ url, token, delay: () => 10, ...options });
    open.push(made);
    return made;
  };
  return Object.assign(client, {
    send: async (deviceIds: string[], requestType: string) => {
      const { commandSend } = await client().mutate(SendCommand, { input: { deviceIds, requestType } });
      const id = commandSend.results?.[0]?.command?.id;
      if (id === undefined) throw new Error(JSON.stringify(commandSend));
      return id;
    },
    cursor: async () => (await world.server.data('{ server { eventCursor } }')).server.eventCursor as string,
  });
}
