import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import { readAnswer, type ApnsOutcome } from './outcome.js';

/** How one request's stream ended: with an answer, by our patience, or without either. */
export type StreamEnd =
  { kind: 'answer'; outcome: ApnsOutcome } | { kind: 'timeout' } | { kind: 'reset'; code: number };

/** Apple's failure bodies are about a hundred bytes. What is longer is not Apple's, and is not kept. */
const MAX_BODY = 16_384;

/** Sends `body` on a new stream and calls `done` once, whatever happens. */
export function exchange(
  stream: ClientHttp2Stream,
  body: string,
  timeoutMs: number,
  done: (end: StreamEnd) => void,
): void {
  let head: IncomingHttpHeaders | undefined;
  let text = '';
  let settled = false;
  const settle = (otherwise: StreamEnd): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    done(head ? { kind: 'answer', outcome: readAnswer(head, text, Date.now()) } : otherwise);
  };
  const timer = setTimeout(() => {
    settle({ kind: 'timeout' });
    stream.close(constants.NGHTTP2_CANCEL);
  }, timeoutMs);
  stream.setEncoding('utf8');
  stream.once('response', (headers) => (head = headers));
  stream.on('data', (chunk: string) => {
    if (text.length < MAX_BODY) text += chunk;
  });
  // 'close' always follows, and says with which code.
  stream.on('error', () => {});
  stream.once('close', () => settle({ kind: 'reset', code: stream.rstCode ?? constants.NGHTTP2_CANCEL }));
  stream.end(body);
}
