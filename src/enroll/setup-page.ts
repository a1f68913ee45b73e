import type { FastifyReply } from 'fastify';
import type { SetupVisit } from '../services/enrolment-profiles/automated-visits.js';
import { SECRET_HEADERS } from './device-request.js';
import { pageHtml, type PageContent } from './page.js';
import { setupPage } from './setup-words.js';

/** The profile is asked for by a form, so that what stands for the visit is in no address and no log. */
const POLICY = SECRET_HEADERS['content-security-policy'].replace("form-action 'none'", "form-action 'self'");
/** Where that form goes. */
export const DOWNLOAD = '/enroll/setup/profile';

/** A page in the web view of Setup Assistant. */
export function sendPage(reply: FastifyReply, status: number, content: PageContent): FastifyReply {
  return reply
    .code(status)
    .header('content-security-policy', POLICY)
    .type('text/html; charset=utf-8')
    .send(pageHtml(content));
}

/** The page with the button. @param accessToken of whoever signed in, where that is required */
export function pageOf({ profile, token }: SetupVisit, accessToken?: string): PageContent {
  const fields = [
    { name: 'visit', value: token },
    ...(accessToken === undefined ? [] : [{ name: 'sign_in', value: accessToken }]),
  ];
  return setupPage(profile, { label: 'Continue', action: DOWNLOAD, fields });
}
