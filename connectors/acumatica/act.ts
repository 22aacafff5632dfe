import { setTimeout as pause } from 'node:timers/promises';
import { actionWords } from '../../app/domain/actions.ts';
import type { ActionName, ErpDocument } from '../../app/domain/document.ts';
import { NextStepError, RetryableError, UnclearError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ErpResponse } from '../../app/outbound/http.ts';
import type { ActOutcome, ActRequest } from '../connector.ts';
import type { Words } from '../shared/words.ts';
import type { Problem } from './answers.ts';
import type { Api } from './api.ts';
import type { BusyForms } from './busy-forms.ts';
import type { Send } from './calls.ts';
import { limitError, unclearAction } from './errors.ts';
import { kindNamed } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import { operationUrl, waitForOperation } from './operations.ts';
import type { Site } from './profile.ts';
import type { Reader } from './reader.ts';
import { settle } from './settle.ts';

/** How an action began: refused, over at once, or as a long operation. */
interface Begun {
  problem: Problem | null;
  outcome?: Promise<ActOutcome>;
}

/** How long after a "busy" the operation that it is about may become known. */
const noticeMs = 100;
/** Before each try to read back what was done. */
const readBackWaitsMs = [0, 250, 500, 1000];

export interface ActParts {
  site: Site;
  /** These two go on while an operation keeps the form busy: it is ours. */
  api: Api;
  readerOf(kind: Kind): Reader;
  /** Of the session that acts. */
  forms: BusyForms;
  send: Send;
  words: Words;
  /** The site's address. */
  address: string;
}

/** Actions are custom ones of the screen; a reason fills the dialog that the screen would show. */
function actionBody({ document, action, reason }: ActRequest, { key }: Kind): unknown {
  const entity = { [key.type]: { value: document.type }, [key.reference]: { value: document.reference } };
  const asked = reason !== null && (action === 'approve' || action === 'reject');
  if (!asked) return { entity, parameters: {} };
  const dialog = { Reason: { type: 'CustomStringField', value: reason } };
  return { entity, parameters: { custom: { ReasonApproveRejectParams: dialog } } };
}

function unclear(message: string, cause?: unknown): UnclearError {
  return new UnclearError(message, cause === undefined ? {} : { cause });
}

function refusalMessage({ kind, text }: Problem, { action, document }: ActRequest): string {
  const { infinitive } = actionWords[action];
  const { one, many } = documentWords(document.kind);
  if (kind === 'missing') return notOffered(action, document);
  if (kind === 'no_record') return gone(document);
  if (kind === 'rights') return text ?? `The Acumatica user may not ${infinitive} ${many}.`;
  return text ?? `Acumatica refused to ${infinitive} the ${one}.`;
}

const notOffered = (action: ActionName, { kind }: ErpDocument) =>
  `Acumatica offers no action to ${actionWords[action].infinitive} ${documentWords(kind).many} at this site.`;
const gone = ({ kind }: ErpDocument) => `The ${documentWords(kind).one} is not in Acumatica any more.`;

/** Carries out one action and proves it by what the ERP then shows; see `ErpConnection.act`. */
export function createAct({ site, api, readerOf, forms, send, words, address }: ActParts) {
  const readAgain = ({ kind, key }: ErpDocument, signal: AbortSignal) => readerOf(kindNamed(kind)).get(key, signal);

  async function readBack(document: ErpDocument, signal: AbortSignal): Promise<ErpDocument | null> {
    return readAgain(document, signal).catch((error: unknown) => {
      if (error instanceof NextStepError) return null;
      throw error;
    });
  }

  async function refused(problem: Problem, request: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    return {
      result: 'refused',
      message: refusalMessage(problem, request),
      document: await readBack(request.document, signal),
    };
  }

  async function prove(request: ActRequest, ended: boolean, signal: AbortSignal): Promise<ActOutcome> {
    const { document: before, action } = request;
    const { one } = documentWords(before.kind);
    let now: ErpDocument | null | undefined;
    let failure: unknown;
    let stepsSeen = 0;
    for (const waitMs of readBackWaitsMs) {
      if (waitMs > 0) await pause(waitMs, undefined, { signal });
      try {
        now = await readAgain(before, signal);
      } catch (error) {
        if (!(error instanceof NextStepError)) throw error;
        failure = error;
        continue;
      }
      if (now === null) break;
      if (settle(request, now) === 'yes') return { result: 'done', complete: true, document: now };
      if (action === 'approve' && now.status === before.status && approvedOf(now) > approvedOf(before))
        return { result: 'done', complete: false, document: now };
      const moved = now.status === before.status && now.modifiedAt !== before.modifiedAt;
      if (action === 'approve' && moved) stepsSeen += 1;
      if (stepsSeen === 2) return { result: 'done', complete: false, document: now };
    }
    if (now === undefined) throw unclear(`Acumatica took the call, but the ${one} could not be read back.`, failure);
    if (!ended) throw unclear(`Acumatica has not told how the operation ended, and the ${one} does not show it.`);
    if (now === null) return { result: 'refused', message: gone(before), document: null };
    return { result: 'refused', message: unprovenMessage(request, now), document: now };
  }

  async function carryOut(request: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    const { action, document } = request;
    const kind = kindNamed(document.kind);
    const name = (await site.actions(kind, signal))[action];
    if (name === undefined) return { result: 'refused', message: notOffered(action, document), document: null };
    const post = () => begin(request, name, signal);
    let begun = forms.isBusy(kind.entity) ? await inTurn(request, post, signal) : await post();
    if (begun.problem?.kind === 'busy') {
      // Another decision of this process may have begun at the same moment, and its answer be on its way.
      await pause(noticeMs, undefined, { signal });
      if (forms.isBusy(kind.entity)) begun = await inTurn(request, post, signal);
    }
    if (begun.problem?.kind === 'missing') {
      // Nothing was done. The site was asked anew what it offers: the action may have another name now.
      const renamed = (await site.actions(kind, signal))[action];
      if (renamed !== undefined && renamed !== name) begun = await begin(request, renamed, signal);
    }
    const { problem, outcome } = begun;
    if (problem !== null) {
      if (problem.kind === 'limit') throw limitError(problem);
      if (problem.kind === 'busy')
        throw new RetryableError('Acumatica is still busy with an earlier operation of this session.');
      if (problem.kind === 'server') throw unclearAction(problem);
      return refused(problem, request, signal);
    }
    return outcome ?? prove(request, true, signal);
  }

  /** Asks once. Where that starts a long operation, its form counts as busy from then on, and `outcome` is how it ends. */
  async function begin(request: ActRequest, called: string, signal: AbortSignal): Promise<Begun> {
    const kind = kindNamed(request.document.kind);
    const path = `${kind.entity}/${called}`;
    const { response, problem } = await api.call({ method: 'POST', path, body: actionBody(request, kind), signal });
    if (problem !== null || response.status !== 202) return { problem };
    const outcome = forms.during(kind.entity, () => end(request, response, signal));
    // Whoever asked waits for it a moment later.
    outcome.catch(() => undefined);
    return { problem, outcome };
  }

  /** Asks when its form is free again: by then the document may be another one, which has to be looked at again. */
  function inTurn(request: ActRequest, ask: () => Promise<Begun>, signal: AbortSignal): Promise<Begun> {
    const { document } = request;
    const work = async () => {
      const now = await readAgain(document, signal);
      if (now?.status === document.status && now.modifiedAt === document.modifiedAt) return ask();
      throw new RetryableError(`The ${documentWords(document.kind).one} was changed while its turn was waited for.`);
    };
    return forms.inTurn(kindNamed(document.kind).entity, work, signal);
  }

  async function end(request: ActRequest, { headers }: ErpResponse, signal: AbortSignal): Promise<ActOutcome> {
    const url = operationUrl(headers.location, address);
    const ended = url === null ? 'lost' : await waitForOperation(url, send, words, signal);
    if (typeof ended === 'object') return refused(ended, request, signal);
    return prove(request, ended === 'done', signal);
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

/** How many approvals were given; none where the site does not tell. */
const approvedOf = ({ approvals = [] }: ErpDocument) => approvals.filter(({ status }) => status === 'approved').length;

function unprovenMessage({ action, document: before }: ActRequest, now: ErpDocument): string {
  const { one } = documentWords(before.kind);
  if (now.status !== before.status) return `Acumatica accepted the call, but the ${one} is now "${now.status}".`;
  const start = `Acumatica accepted the call but the ${one} is unchanged ("${now.status}")`;
  if (action === 'approve')
    return `${start}: it may ask for a reason, or the approval was one of several steps; look in Acumatica.`;
  return action === 'reject' ? `${start}: it may ask for a reason.` : `${start}.`;
}
