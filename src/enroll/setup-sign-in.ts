import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SetupVisits } from '../services/enrolment-profiles/automated-visits.js';
import type { Finished } from '../services/sign-in/sign-ins.js';
import { forget, keep, secretIn, SIGN_IN, VISIT } from './account-cookie.js';
import { tell } from './account-failures.js';
import { pageOf, sendPage } from './setup-page.js';
import { signInAgain } from './setup-words.js';

/** Sends somebody in the web view of Setup Assistant to the provider, for the visit that the browser is at. */
export async function beginSetupSignIn(
  visits: SetupVisits,
  address: string,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { location, browser } = await visits.beginSignIn(secretIn(VISIT, headers.cookie) ?? '');
  return reply.header('set-cookie', keep(SIGN_IN, browser, address)).redirect(location, 302);
}

/** They are back: the page with the button, for the visit they signed in for. */
export async function showSignedIn(
  visits: SetupVisits,
  finished: Finished,
  address: string,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const visit = await visits.signedIn(secretIn(VISIT, headers.cookie) ?? '', finished);
  return sendPage(reply.header('set-cookie', forget(SIGN_IN, address)), 200, pageOf(visit, finished.token));
}

async function goesOn(visits: SetupVisits, token: string): Promise<boolean> {
  try {
    await visits.find(token);
    return true;
  } catch {
    return false;
  }
}

/** Tells of a failure, with the way to try again; undefined when no visit goes on in this browser. */
export async function answerVisitor(
  error: unknown,
  visits: SetupVisits,
  address: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const visit = secretIn(VISIT, request.headers.cookie);
  if (!visits.requireSignIn || visit === undefined) return undefined;
  if (!(await goesOn(visits, visit))) return undefined;
  const { status, sentence } = tell(error, request.log, reply);
  return sendPage(reply, status, signInAgain(sentence, address));
}
