import type { X509Certificate } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { MAX_SIGNED_BYTES, readMachineInfo } from '../apple/machine-info/index.js';
import { clientAddress, type IsTrustedProxy } from '../client-address.js';
import { AccountDrivenMode } from '../entities/sign-in.js';
import { PAGE_HEADERS } from '../own-pages.js';
import type { SetupVisits } from '../services/enrolment-profiles/automated-visits.js';
import { pathOf, type AccountEnrolment } from '../services/sign-in/account-enrolment.js';
import { forget, keep, secretIn, SIGN_IN } from './account-cookie.js';
import { answerDevice, answerPerson } from './account-failures.js';
import { AccountLimit } from './account-limit.js';
import { answerVisitor, beginSetupSignIn, showSignedIn } from './setup-sign-in.js';

/** Devices and people who enrol with an account, and what their requests are judged by. */
export interface AccountDoor {
  readonly accounts: AccountEnrolment;
  /** Web views of Setup Assistant whose people sign in. */
  readonly visits: SetupVisits;
  /** The authorities that Apple's devices have their certificates of. */
  readonly appleDevices: readonly X509Certificate[];
  readonly isTrustedProxy: IsTrustedProxy;
  /** Sign-ins and tokens a minute from one address. */
  readonly attemptsPerMinute?: number;
}

const PROFILE_TYPE = 'application/x-apple-aspen-config';
/** Where the device waits for the result of the web view (Apple: simple authentication flow, step 8). */
const RESULT = 'apple-remotemanagement-user-login://authentication-results';
/** Addresses and answers hold tokens: nothing keeps them, and nobody is told of them. */
const HEADERS = { ...PAGE_HEADERS, 'cache-control': 'no-store', 'x-robots-tag': 'noindex' };
const TOKEN = /^Bearer +([\w-]{1,512})$/i;
/** Longer ones are no address of anybody. */
const MOST_HINT = 256;

type Asked = { Querystring: Record<string, string | string[] | undefined> };

/**
 * Account-driven enrolment with the simple authentication flow: the device finds the server, is sent to a web page where its
 * user signs in, and comes back with a token. Here, and nowhere else, 401 is an answer: no device that asks is enrolled.
 * Source: Apple, "Implementing the simple authentication account-driven enrollment flow".
 */
export function accountRoutes(door: AccountDoor) {
  return async (app: FastifyInstance): Promise<void> => {
    const limit = new AccountLimit(door.attemptsPerMinute);
    const admit = (request: FastifyRequest): Promise<void> =>
      limit.admit(clientAddress(request, door.isTrustedProxy));
    app.addHook('onRequest', async (_request, reply) => void reply.headers(HEADERS));
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      '*',
      { parseAs: 'buffer', bodyLimit: MAX_SIGNED_BYTES },
      (_request, body, done) => done(null, body),
    );
    await app.register(async (devices) => deviceRoutes(devices, door, admit));
    await app.register(async (people) => peopleRoutes(people, door, admit));
  };
}

type Admit = (request: FastifyRequest) => Promise<void>;

function deviceRoutes(app: FastifyInstance, door: AccountDoor, admit: Admit): void {
  app.setErrorHandler((error, request, reply) => answerDevice(error, request.log, reply));
  app.get('/.well-known/com.apple.remotemanagement', async (_request, reply) => {
    const body = Buffer.from(JSON.stringify({ Servers: await door.accounts.servers() }));
    // As bytes, or the framework would add a charset that Apple does not write.
    return reply.header('content-type', 'application/json').send(body);
  });
  for (const mode of Object.values(AccountDrivenMode)) {
    app.post(
      `/mdm/enroll/account/${pathOf(mode)}`,
      { bodyLimit: MAX_SIGNED_BYTES },
      async (request, reply) => {
        await admit(request);
        return enrol(door, mode, request, reply);
      },
    );
  }
}

/** Both requests of a device: without a token, and with the one that the sign-in gave it. */
async function enrol(
  { accounts, appleDevices }: AccountDoor,
  mode: AccountDrivenMode,
  { headers, body }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await accounts.mustOffer(mode);
  const device = readMachineInfo(Buffer.isBuffer(body) ? body : Buffer.alloc(0), appleDevices);
  const [, token] = TOKEN.exec(headers.authorization ?? '') ?? [];
  const profile = token === undefined ? undefined : await accounts.redeem(mode, token, device);
  if (profile !== undefined) return reply.type(PROFILE_TYPE).send(profile);
  return reply
    .code(401)
    .header('www-authenticate', `Bearer method="apple-as-web", url="${accounts.signInUrl(mode)}"`)
    .send({ error: 'The user of the device has to sign in.', code: 'UNAUTHENTICATED' });
}

/** A preview or a HEAD must neither begin a sign-in nor use one up. */
const GET_ALONE = { exposeHeadRoute: false };

function peopleRoutes(app: FastifyInstance, { accounts, visits }: AccountDoor, admit: Admit): void {
  const setupUrl = (): string => accounts.signInUrl('SETUP');
  app.setErrorHandler(
    async (error, request, reply) =>
      (await answerVisitor(error, visits, setupUrl(), request, reply)) ??
      answerPerson(error, request.log, reply),
  );
  app.get('/enroll/account/setup', GET_ALONE, async (request, reply) => {
    await admit(request);
    return beginSetupSignIn(visits, setupUrl(), request, reply);
  });
  for (const mode of Object.values(AccountDrivenMode)) {
    app.get<Asked>(`/enroll/account/${pathOf(mode)}`, GET_ALONE, async (request, reply) => {
      await admit(request);
      const { location, browser } = await accounts.beginSignIn(
        mode,
        hintIn(request.query['user-identifier']),
      );
      return reply
        .header('set-cookie', keep(SIGN_IN, browser, accounts.signInUrl(mode)))
        .redirect(location, 302);
    });
  }
  app.get<Asked>('/enroll/account/callback', GET_ALONE, async (request, reply) => {
    await admit(request);
    const query = new URL(request.raw.url ?? '', 'http://localhost').search;
    const finished = await accounts.finishSignIn(query, secretIn(SIGN_IN, request.headers.cookie));
    if (finished.purpose === 'SETUP') return showSignedIn(visits, finished, setupUrl(), request, reply);
    const cookie = forget(SIGN_IN, accounts.signInUrl(finished.purpose));
    return reply.header('set-cookie', cookie).redirect(`${RESULT}?access-token=${finished.token}`, 308);
  });
}

/** Whom the device says that its user is: a help for the provider's page, and no more. */
function hintIn(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && given !== '' && given.length <= MOST_HINT ? given : undefined;
}
