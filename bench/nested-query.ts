import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { onStage, type Bench, type Stage } from './bench.js';
import { APPLICATIONS_EACH, INCLUDED_EACH, makeCatalogue, PROFILES_EACH } from './catalogue.js';
import { Child } from './child.js';
import { Client } from './client.js';
import { enrolledDevices } from './fleet.js';
import { deviceIds, graphql, graphqlRequest } from './graphql.js';
import { measure, type Measure } from './measure.js';
import { printTable } from './table.js';

const DEVICES = 50;

const QUERY = `
  query Fleet {
    devices(first: ${DEVICES}) {
      nodes {
        uuid serialNumber name
        workflow {
          ...Content
          includedWorkflows(first: ${INCLUDED_EACH}) {
            nodes {
              ...Content
              includedWorkflows(first: ${INCLUDED_EACH}) { nodes { ...Content } }
            }
          }
        }
      }
    }
  }
  fragment Content on Workflow {
    uuid name description revision
    profiles(first: ${PROFILES_EACH}) { nodes { uuid payloadIdentifier displayName revision } }
    applications(first: ${APPLICATIONS_EACH}) { nodes { uuid name manifestUrl revision } }
  }`;

/**
 * What a console asks for: devices, each with its workflow, those it includes, and those they include, with their profiles
 * and applications. Measured beside a server that does nothing but read the same rows and write the same bytes.
 */
export const nestedQuery: Bench = {
  name: 'nested-query',
  async run(context) {
    await onStage(context, async (stage) => {
      await furnish(stage);
      const bare = await Child.start('./bare-server.js', {
        BARE_DATABASE: stage.store.url ?? join(stage.store.dataDir, 'pomona.sqlite'),
      });
      const bareClient = new Client(bare.url);
      try {
        const bytes = await sameAnswer(stage.client, bareClient);
        const product: Measure[] = [];
        const reference: Measure[] = [];
        for (const concurrency of context.options.concurrencies) {
          const load = { concurrency, seconds: context.options.seconds };
          reference.push(await measure({ ...load, ...asking(bare, bareClient) }));
          product.push(await measure({ ...load, ...asking(stage.server, stage.client) }));
        }
        printTable(
          `nested-query (${context.database}, ${bytes} bytes): bare node:http + SQL + JSON.stringify`,
          'request',
          reference,
        );
        printTable(`nested-query (${context.database}, ${bytes} bytes): Pomona, GraphQL`, 'request', product);
        for (const [index, { concurrency, perSecond }] of product.entries()) {
          const ratio = perSecond / (reference[index]?.perSecond ?? Number.NaN);
          process.stdout.write(
            `at ${concurrency} at once, Pomona answers ${ratio.toFixed(2)} times as often as the bare server\n`,
          );
        }
      } finally {
        bareClient.close();
        await bare.stop();
      }
    });
  },
};

async function furnish({ client, server, authority }: Stage): Promise<void> {
  await enrolledDevices({ count: DEVICES, url: server.url, authority, proof: 'header', keyType: 'ec' });
  const workflows = await makeCatalogue(client);
  const devices = [...(await deviceIds(client)).values()];
  const mutation = `mutation ($input: DeviceAssignWorkflowInput!) { deviceAssignWorkflow(input: $input) { userErrors { message } } }`;
  for (const [index, workflowId] of workflows.entries()) {
    const deviceIdsOfIt = devices.filter((_, at) => at % workflows.length === index);
    await graphql(client, mutation, { input: { deviceIds: deviceIdsOfIt, workflowId } });
  }
}

/** @throws when the two servers do not answer the same @returns how many bytes the answer has */
async function sameAnswer(product: Client, bare: Client): Promise<number> {
  const [answer, reference] = await Promise.all(
    [product, bare].map((client) => client.send(graphqlRequest(QUERY))),
  );
  const same = isDeepStrictEqual(JSON.parse(String(answer)), JSON.parse(String(reference)));
  if (!same)
    throw new Error(
      `The answers differ:\n${String(answer).slice(0, 1_000)}\n${String(reference).slice(0, 1_000)}`,
    );
  return answer?.length ?? 0;
}

function asking(
  server: Child,
  client: Client,
): { cpuMicros: () => Promise<number>; round: () => Promise<void> } {
  const request = graphqlRequest(QUERY);
  return {
    cpuMicros: () => server.cpuMicros(),
    round: async () => void (await client.send(request)),
  };
}
