import { basic, type Context, type Reply, type Request } from '../management-v1/kit.js';

/** One behaviour of what stands beside the management API. Ids are never given to another. */
export interface Check {
  readonly id: `NB-${string}`;
  /** Whom or what it keeps working. */
  readonly protects: string;
  readonly run: (ctx: Context) => Promise<void>;
}

/** As `ctx.call`, of any address of the server. */
export async function ask(ctx: Context, method: string, path: string, o: Request = {}): Promise<Reply> {
  const { server = ctx.server } = o;
  const authorization = o.authorization === undefined ? basic(server.token) : o.authorization;
  const body = o.raw ?? (o.json === undefined ? undefined : JSON.stringify(o.json));
  const type = o.type === undefined && body !== undefined ? 'application/json' : o.type;
  const response = await fetch(server.url + path, {
    method,
    headers: {
      ...(authorization === null ? {} : { authorization }),
      ...(type == null ? {} : { 'content-type': type }),
    },
    ...(body === undefined ? {} : { body: Buffer.from(body as string) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function parsed(text: string): Reply['json'] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Sends a command the way a script does, and gives its uuid. */
export async function send(ctx: Context, udid: string, fields: object): Promise<string> {
  const reply = await ask(ctx, 'POST', '/mdm/commands', { json: { udid, ...fields } });
  if (reply.status !== 201) throw new Error(reply.text);
  return reply.json.command_uuid as string;
}
