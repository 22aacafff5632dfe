import { setTimeout as pause } from 'node:timers/promises';
import { NextStepError } from '../../app/domain/errors.ts';
import type { Words } from '../shared/words.ts';
import { type Problem, readProblem } from './answers.ts';
import type { Send } from './calls.ts';

/** Most operations take a second or three, and somebody waits for them. */
const waitsMs = [200, 300, 500, 500, 500, 500, 500, 1000, 1500, 3000];
const longestMs = 15 * 60_000;
const tolerated = 5;

/** How a long operation ended; `lost`: its address does not tell. */
export type OperationEnd = 'done' | 'lost' | Problem;

/** The address of an operation; null unless it is on the site's own origin, since the token goes there. */
export function operationUrl(location: string | undefined, site: string): string | null {
  if (location === undefined || !URL.canParse(location, site)) return null;
  const url = new URL(location, site);
  return url.origin === new URL(site).origin ? url.href : null;
}

/** Asks until the operation is over: 202 while it runs, 204 when it is done, an error with its message when it failed. */
export async function waitForOperation(
  url: string,
  send: Send,
  words: Words,
  signal: AbortSignal,
): Promise<OperationEnd> {
  const startedAt = performance.now();
  let failures = 0;
  for (let round = 0; performance.now() - startedAt < longestMs; round += 1) {
    await pause(waitsMs[Math.min(round, waitsMs.length - 1)], undefined, { signal });
    try {
      const response = await send({ method: 'GET', path: url, signal });
      const problem = readProblem(response, words);
      if (problem === null) {
        failures = 0;
        if (response.status !== 202) return 'done';
        continue;
      }
      if (problem.kind === 'missing') return 'lost';
      if (problem.kind === 'limit' || problem.kind === 'busy') continue;
      if (problem.text !== null) return problem;
    } catch (error) {
      if (!(error instanceof NextStepError)) throw error;
    }
    failures += 1;
    if (failures === tolerated) return 'lost';
  }
  return 'lost';
}
