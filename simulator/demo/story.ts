import { isAccepted } from '../device/connection.js';
import type { SimulatedDevice, TokenUpdateOptions } from '../device/index.js';
import { connectApple, createLink, giveToAll, syncNow } from './business.js';
import type { GraphqlClient } from './graphql.js';
import type { Narrator } from './narrator.js';
import type { Stage } from './stage.js';
import { buildWorkflows } from './workflows.js';

export interface Cast {
  /** Devices that the organisation buys from Apple. */
  readonly bought: number;
  /** Devices that enrol by a link; the first puts something off. */
  readonly invited: number;
}

/** What a story is told with. */
export interface Telling {
  readonly stage: Stage;
  readonly client: GraphqlClient;
  readonly narrator: Narrator;
  readonly print: (line: string) => void;
  /** Ends the patience. */
  readonly signal: AbortSignal;
}

/**
 * The whole story, in four parts: what devices shall have, Apple Business Manager, boxes, and a link for those that did not
 * come from Apple. Resolves when every device has everything. @throws {Error} when one does not in time
 */
export async function tell(telling: Telling, { bought, invited }: Cast): Promise<void> {
  const { client, narrator, print } = telling;
  print('1. What devices shall have: five profiles and an application, uploaded, in three workflows:');
  print('   Base in Office, Office in Sales.\n');
  const workflowId = await buildWorkflows(client);
  await narrator.listen(client);
  const serials = await buy(telling, workflowId, bought);
  await takeFromBoxes(telling, serials);
  await inviteByLink(telling, workflowId, invited);
  print(`\nAll ${bought + invited} devices have everything their workflow wants.\n`);
}

async function buy({ stage, client, narrator, print, signal }: Telling, workflowId: string, count: number) {
  print(
    '2. Apple Business Manager: an account is made here, its certificate uploaded at Apple, and the server',
  );
  print('   token that Apple gives for it uploaded here.');
  const { accountId, orgName } = await connectApple(client, stage.serverToken);
  print(`   The server token is of ${orgName}. One profile for Setup Assistant and one rule are made, and`);
  print(`   ${orgName} buys ${count} devices. What follows are GraphQL subscriptions, live:\n`);
  await giveToAll(client, workflowId);
  const serials = stage.buy(count);
  await syncNow(client, accountId);
  await narrator.reached('KNOWN', serials, signal);
  await narrator.reached('ASSIGNED', serials, signal);
  return serials;
}

async function takeFromBoxes({ stage, narrator, print, signal }: Telling, serials: readonly string[]) {
  print(
    '\n3. The devices are taken from their boxes, one after another. Each asks Apple, is sent here, enrols in',
  );
  print('   Setup Assistant, and is let go on when it has what it shall have. The first in every step:\n');
  narrator.lookClosely(serials[0] ?? '');
  for (const serial of serials) {
    const { device, checkIn } = await stage.unbox(serial);
    await enrol(device, checkIn);
    await narrator.reached('CONVERGED', [serial], signal);
    await narrator.reached('CONFIGURED', [serial], signal);
  }
}

async function inviteByLink(
  { stage, client, narrator, print, signal }: Telling,
  workflowId: string,
  count: number,
) {
  print(
    '\n4. Devices that did not come from Apple enrol by a link. The first is busy, says NotNow, and is asked',
  );
  print('   again when it comes back:\n');
  const link = await createLink(client, workflowId, count);
  const serials = Array.from({ length: count }, (_, index) => `POMONALINK${index + 1}`);
  narrator.lookClosely(serials[0] ?? '');
  for (const [index, serial] of serials.entries()) {
    const device = await stage.invite(link, serial);
    if (index === 0) device.behave('InstallProfile', { notNow: true }, 1);
    await enrol(device);
  }
  await narrator.reached('CONVERGED', serials, signal);
}

async function enrol(device: SimulatedDevice, o: TokenUpdateOptions = {}): Promise<void> {
  const answer = await device.enroll(o);
  if (isAccepted(answer)) return;
  throw new Error(
    `${device.facts.serialNumber} was not enrolled: ${answer.status} ${answer.body.toString()}`,
  );
}
