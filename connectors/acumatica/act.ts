import { setTimeout as pause } from 'node:timers/promises';
import type { ActionName, ErpDocument } from '../../app/domain/document.ts';
import { NextStepError, RetryableError, UnclearError } from '../../app/domain/errors.ts';
import type { ActOutcome, ActRequest } from '../connector.ts';
import type { Problem } from './answers.ts';
import type { Api } from './api.ts';
import type { Bills } from './bills.ts';
import type { Send } from './calls.ts';
import { limitError, unclearAction } from './errors.ts';
import { operationUrl, waitForOperation } from './operations.ts';
import type { Site } from './profile.ts';
import { settle } from './settle.ts';
import type { Words } from './words.ts';

/** Before each try to read back what was done. */
const readBackWaitsMs = [0, 250, 500, 1000];

const verbs: Record<ActionName, string> = {
  approve: 'approve',
  reject: 'reject',
  release: 'release',
  hold: 'put on hold',
};

export interface ActParts {
  site: Site;
  api: Api;
  bills: Bills;
  send: Send;
  words: Words;
  /** The site's address. */
  address: string;
}

/** Actions are custom ones of the screen; a reason fills the dialog that the screen would show. */
function actionBody({ document, action, reason }: ActRequest): unknown {
  const entity = { Type: { value: document.type }, ReferenceNbr: { value: document.reference } };
  const asked = reason !== null && (action === 'approve' || action === 'reject');
  if (!asked) return { entity, parameters: {} };
  const dialog = { Reason: { type: 'CustomStringField', value: reason } };
  return { entity, parameters: { custom: { ReasonApproveRejectParams: dialog } } };
}

function unclear(message: string, cause?: unknown): UnclearError {
  return new UnclearError(message, cause === undefined ? {} : { cause });
}

function refusalMessage({ kind, text }: Problem, action: ActionName): string {
  if (kind === 'missing') return `Acumatica has no action to ${verbs[action]} bills at this site.`;
  if (kind === 'no_record') return 'The bill is not in Acumatica any more.';
  if (kind === 'rights') return text ?? `The Acumatica user may not ${verbs[action]} bills.`;
  return text ?? `Acumatica refused to ${verbs[action]} the bill.`;
}

/** Carries out one action and proves it by what the ERP then shows; see `ErpConnection.act`. */
export function createAct({ site, api, bills, send, words, address }: ActParts) {
  async function readBack(key: string, signal: AbortSignal): Promise<ErpDocument | null> {
    return bills.get(key, signal).catch((error: unknown) => {
      if (error instanceof NextStepError) return null;
      throw error;
    });
  }

  async function refused(problem: Problem, { document, action }: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    return {
      result: 'refused',
      message: refusalMessage(problem, action),
      document: await readBack(document.key, signal),
    };
  }

  async function prove(request: ActRequest, ended: boolean, signal: AbortSignal): Promise<ActOutcome> {
    const { document: before, action } = request;
    let now: ErpDocument | null | undefined;
    let failure: unknown;
    let stepsSeen = 0;
    for (const waitMs of readBackWaitsMs) {
      if (waitMs > 0) await pause(waitMs, undefined, { signal });
      try {
        now = await bills.get(before.key, signal);
      } catch (error) {
        if (!(error instanceof NextStepError)) throw error;
        failure = error;
        continue;
      }
      if (now === null) break;
      if (settle(request, now) === 'yes') return { result: 'done', complete: true, document: now };
      const moved = now.status === before.status && now.modifiedAt !== before.modifiedAt;
      if (action === 'approve' && moved) stepsSeen += 1;
      if (stepsSeen === 2) return { result: 'done', complete: false, document: now };
    }
    if (now === undefined) throw unclear('Acumatica took the call, but the bill could not be read back.', failure);
    if (!ended) throw unclear('Acumatica has not told how the operation ended, and the bill does not show it.');
    if (now === null) return { result: 'refused', message: 'The bill is not in Acumatica any more.', document: null };
    return { result: 'refused', message: unprovenMessage(request, now), document: now };
  }

  async function carryOut(request: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    const { action } = request;
    const profile = await site.profile(signal);
    if (profile.actions[action] === undefined) {
      const message = `Acumatica offers no action to ${verbs[action]} bills at this site.`;
      return { result: 'refused', message, document: null };
    }
    const { response, problem } = await api.call(
      { method: 'POST', body: actionBody(request), signal },
      ({ actions }) => (actions[action] === undefined ? null : `Bill/${actions[action]}`),
    );
    if (problem !== null) {
      if (problem.kind === 'limit') throw limitError(problem);
      if (problem.kind === 'busy')
        throw new RetryableError('Acumatica is still busy with an earlier operation of this session.');
      if (problem.kind === 'server') throw unclearAction(problem);
      return refused(problem, request, signal);
    }
    if (response.status !== 202) return prove(request, true, signal);
    const url = operationUrl(response.headers.location, address);
    const end = url === null ? 'lost' : await waitForOperation(url, send, words, signal);
    if (typeof end === 'object') return refused(end, request, signal);
    return prove(request, end === 'done', signal);
  }

  return async (request: ActRequest, signal: AbortSignal): Promise<ActOutcome> => {
    signal.throwIfAborted();
    try {
      return await carryOut(request, signal);
    } catch (error) {
      if (error instanceof NextStepError || !signal.aborted) throw error;
      throw unclear('The wait for Acumatica was broken off; whether it did what was asked is not known.', error);
    }
  };
}

function unprovenMessage({ action, document: before }: ActRequest, now: ErpDocument): string {
  if (now.status !== before.status) return `Acumatica accepted the call, but the bill is now "${now.status}".`;
  const start = `Acumatica accepted the call but the bill is unchanged ("${now.status}")`;
  if (action === 'approve')
    return `${start}: it may ask for a reason, or the approval was one of several steps; look in Acumatica.`;
  return action === 'reject' ? `${start}: it may ask for a reason.` : `${start}.`;
}
