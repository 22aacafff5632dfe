import type { Readable } from 'node:stream';
import { Agent, errors, request } from 'undici';
import { PermanentError, RetryableError } from '../domain/errors.ts';
import { createCheckedLookup, isLoopbackHost, isRefusedHost } from '../outbound/addresses.ts';

const timeoutMs = 60_000;

export interface FileDownloads {
  /** Throws PermanentError for an address that is not Slack's, a larger file, or one that may not be read. */
  get(address: string, token: string, mostBytes: number, signal: AbortSignal): Promise<Uint8Array>;
  close(): Promise<void>;
}

const notAllowed =
  'Slack does not let the app read it. Install the app again from its install page, so that it may read files, then try again.';

/**
 * Files that people put into Slack. The bot's token goes to Slack alone: the host of `slackApiUrl`, and `files.` before
 * it; no redirect is followed.
 */
export function createFileDownloads(slackApiUrl: string): FileDownloads {
  const api = new URL(slackApiUrl);
  const agent = new Agent({ connect: { timeout: 10_000, lookup: createCheckedLookup() }, allowH2: false });

  function checked(address: string): URL {
    const refused = new PermanentError('file_elsewhere', 'It is not kept in Slack.');
    if (!URL.canParse(address)) throw refused;
    const url = new URL(address);
    const ours = url.origin === api.origin || (url.protocol === 'https:' && url.host === `files.${api.host}`);
    const safe = url.protocol === 'https:' || isLoopbackHost(url.hostname);
    if (!ours || !safe || url.username !== '' || url.password !== '' || isRefusedHost(url.hostname)) throw refused;
    return url;
  }

  return {
    async get(address, token, mostBytes, signal) {
      const url = checked(address);
      const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          headers: { authorization: `Bearer ${token}` },
          signal: until,
        });
        const { statusCode, body, headers } = answer;
        const problem = problemOf(statusCode, headers, mostBytes);
        if (problem) {
          drop(body);
          throw problem;
        }
        const chunks: Buffer[] = [];
        let length = 0;
        for await (const chunk of body) {
          length += chunk.length;
          if (length > mostBytes) {
            drop(body);
            throw tooLarge();
          }
          chunks.push(chunk);
        }
        return Buffer.concat(chunks, length);
      } catch (error) {
        if (error instanceof PermanentError || error instanceof RetryableError) throw error;
        if (signal.aborted) throw signal.reason;
        // The error of a request could hold its token.
        const code = error instanceof errors.UndiciError ? error.code : 'no answer';
        throw new RetryableError(`Slack did not hand out the file (${code}).`);
      }
    },
    close: () => agent.close(),
  };
}

/** What is still to come is not wanted; its end is an error to nobody. */
function drop(body: Readable): void {
  body.on('error', () => undefined);
  body.destroy();
}

const tooLarge = () => new PermanentError('file_too_large', 'It is larger than allowed. Attach it in the ERP itself.');

function problemOf(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  mostBytes: number,
): Error | undefined {
  if (status === 429 || status >= 500) return new RetryableError(`Slack answered ${status} when asked for a file.`);
  if (status === 404 || status === 410) return new PermanentError('file_gone', 'It is not in Slack any more.');
  // Whoever may not read a file is sent to the sign-in page.
  if (status !== 200) return new PermanentError('file_not_allowed', notAllowed);
  return Number(headers['content-length'] ?? 0) > mostBytes ? tooLarge() : undefined;
}
