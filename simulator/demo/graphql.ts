import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** A client of the GraphQL door, as any frontend is: HTTP for queries and mutations, a socket for subscriptions. */
export class GraphqlClient {
  readonly #socket: Client;

  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {
    this.#socket = createClient({
      url: url.replace(/^http/, 'ws'),
      webSocketImpl: WebSocket,
      lazy: false,
      connectionParams: { Authorization: `Bearer ${token}` },
    });
  }

  /** Runs an operation. Throws with the server's words when it answers errors, or user errors in a payload. */
  async run<Data extends object>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: Data; errors?: { message: string }[] };
    if (answer.errors !== undefined || answer.data === undefined) {
      throw new Error(answer.errors?.map((error) => error.message).join('; ') ?? `HTTP ${response.status}`);
    }
    for (const payload of Object.values(
      answer.data as Record<string, { userErrors?: { message: string }[] } | null>,
    )) {
      const problems = payload?.userErrors ?? [];
      if (problems.length > 0) throw new Error(problems.map((problem) => problem.message).join('; '));
    }
    return answer.data;
  }

  /** Hands each event of a subscription to `told` until the returned function is called. */
  subscribe<Data>(
    query: string,
    told: (data: Data) => void,
    variables: Record<string, unknown> = {},
  ): () => void {
    return this.#socket.subscribe<Data>(
      { query, variables },
      {
        next: ({ data, errors }) => {
          if (errors !== undefined) throw new Error(errors.map((error) => error.message).join('; '));
          if (data != null) told(data);
        },
        error: (error) => {
          throw error instanceof Error ? error : new Error(JSON.stringify(error));
        },
        complete: () => undefined,
      },
    );
  }

  async close(): Promise<void> {
    await this.#socket.dispose();
  }
}
