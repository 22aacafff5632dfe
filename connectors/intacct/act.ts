import { setTimeout as pause } from 'node:timers/promises';
import { actionWords } from '../../app/domain/actions.ts';
import type { ErpDocument } from '../../app/domain/document.ts';
import { NextStepError, ReconnectError, UnclearError } from '../../app/domain/errors.ts';
import { documentWords } from '../../app/domain/kinds.ts';
import type { ActOutcome, ActRequest } from '../connector.ts';
import type { Words } from '../shared/words.ts';
import type { Calls } from './gateway/calls.ts';
import { readError, unclearAction } from './gateway/errors.ts';
import { type Problem, problemOf } from './gateway/problem.ts';
import { kindNamed } from './kinds/index.ts';
import type { Kind } from './kinds/kind.ts';
import type { Reader } from './reader.ts';
import { hasMovedOn, settle } from './settle.ts';

/** Before each try to read back what was done. */
const readBackWaitsMs = [0, 250, 500, 1000];

export interface ActParts {
  readerOf(kind: Kind): Reader;
  words: Words;
  isDecidable(kind: Kind): boolean;
}

const gone = ({ kind }: ErpDocument) => `The ${documentWords(kind).one} is not in Intacct any more.`;

function refusalMessage({ kind, text }: Problem, { action, document }: ActRequest): string {
  const { infinitive } = actionWords[action];
  if (text !== null) return text;
  if (kind === 'rights') return `The Intacct user may not ${infinitive} ${documentWords(document.kind).many}.`;
  return `Intacct refused to ${infinitive} the ${documentWords(document.kind).one}.`;
}

/** A person's account that is taken no more is theirs to put right, not the connection's. */
function accountError(error: unknown): unknown {
  const theirs = error instanceof ReconnectError && (error.field === 'login' || error.field === 'entity');
  if (!theirs) return error;
  return new ReconnectError('Intacct does not accept the user ID and password that you linked.', {
    field: 'account',
    cause: error,
  });
}

/** Carries out one decision as a person and proves it by what Intacct then shows; see `ErpConnection.act`. */
export function createAct({ readerOf, words, isDecidable }: ActParts) {
  const readAgain = ({ kind, key }: ErpDocument, signal: AbortSignal) => readerOf(kindNamed(kind)).get(key, signal);

  async function refused(message: string, request: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    const document = await readAgain(request.document, signal).catch((error: unknown) => {
      if (error instanceof NextStepError) return null;
      throw error;
    });
    return { result: 'refused', message, document };
  }

  async function prove(request: ActRequest, signal: AbortSignal): Promise<ActOutcome> {
    const { document: before, action } = request;
    const { one } = documentWords(before.kind);
    let now: ErpDocument | null | undefined;
    let failure: unknown;
    for (const waitMs of readBackWaitsMs) {
      if (waitMs > 0) await pause(waitMs, undefined, { signal });
      try {
        now = await readAgain(before, signal);
      } catch (error) {
        if (!(error instanceof NextStepError)) throw error;
        failure = error;
        continue;
      }
      if (now === null) return { result: 'refused', message: gone(before), document: null };
      if (settle(request, now) === 'yes') return { result: 'done', complete: true, document: now };
      if (action === 'approve' && hasMovedOn(before, now)) return { result: 'done', complete: false, document: now };
    }
    if (now === undefined || now === null)
      throw new UnclearError(`Intacct took the call, but the ${one} could not be read back.`, { cause: failure });
    const message =
      now.status === before.status
        ? `Intacct accepted the call, but the ${one} is unchanged ("${now.status}"); look in Intacct.`
        : `Intacct accepted the call, but the ${one} is now "${now.status}".`;
    return { result: 'refused', message, document: now };
  }

  async function carryOut(request: ActRequest, calls: Calls, signal: AbortSignal): Promise<ActOutcome> {
    const { action, document, reason } = request;
    const kind = kindNamed(document.kind);
    const decide = isDecidable(kind) ? kind.actions?.[action] : undefined;
    if (decide === undefined) {
      const { many } = documentWords(document.kind);
      return refused(`This connection does not ${actionWords[action].infinitive} ${many} in Intacct.`, request, signal);
    }
    // Signing in first tells an account that is taken no more before anything was asked.
    await calls.sessions.current(signal).catch((error: unknown) => {
      throw accountError(error);
    });
    const reply = await calls
      .send({ functions: [decide(document.key, reason)], readsOnly: false, signal })
      .catch((error: unknown) => {
        throw accountError(error);
      });
    const failed = 'problem' in reply ? reply.problem : problemIn(reply.results[0]);
    if (failed === null) return prove(request, signal);
    switch (failed.kind) {
      case 'server':
      case 'garbled':
      case 'unsafe':
        throw unclearAction(failed);
      case 'rights':
      case 'missing':
      case 'refused':
      case 'rolled_back':
        return refused(refusalMessage(failed, request), request, signal);
      default:
        throw accountError(readError(failed, `a decision on the ${documentWords(document.kind).one}`));
    }
  }

  function problemIn(result: { status: string; errors: Parameters<typeof problemOf>[1] } | undefined): Problem | null {
    return result?.status === 'success' ? null : problemOf('result', result?.errors ?? [], words);
  }

  return async (request: ActRequest, calls: Calls, signal: AbortSignal): Promise<ActOutcome> => {
    signal.throwIfAborted();
    try {
      return await carryOut(request, calls, signal);
    } catch (error) {
      if (error instanceof NextStepError || !signal.aborted) throw error;
      throw new UnclearError('The wait for Intacct was broken off; whether it did what was asked is not known.', {
        cause: error,
      });
    }
  };
}
