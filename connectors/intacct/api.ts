import type { Words } from '../shared/words.ts';
import type { FunctionResult } from './gateway/answer.ts';
import type { Calls } from './gateway/calls.ts';
import { readError } from './gateway/errors.ts';
import { problemOf } from './gateway/problem.ts';
import type { GatewayFunction } from './gateway/request.ts';

/** A function that reads, and what it is in words for people. */
export interface Question {
  ask: GatewayFunction;
  what: string;
}

/** What each function came to, as of `clock` (ms since the epoch); an Error says what to do next about that one. */
export interface Answers {
  results: (FunctionResult | Error)[];
  clock: number;
}

/** Reading by functions of the gateway, several in one request. */
export interface Api {
  /** Throws where the request as a whole failed. */
  askAll(questions: readonly Question[], signal: AbortSignal): Promise<Answers>;
  /** Throws where any of them failed, too. */
  ask(questions: readonly Question[], signal: AbortSignal): Promise<{ results: FunctionResult[]; clock: number }>;
}

/** `onMissing` hears that an object or a field was asked for that is not there. */
export function createApi(calls: Calls, words: Words, onMissing: () => void): Api {
  async function askAll(questions: readonly Question[], signal: AbortSignal): Promise<Answers> {
    const reply = await calls.send({ functions: questions.map(({ ask }) => ask), readsOnly: true, signal });
    if ('problem' in reply) throw readError(reply.problem, questions[0]?.what ?? 'data');
    const results = reply.results.map((result, index) => {
      if (result.status === 'success') return result;
      const problem = problemOf('result', result.errors, words);
      if (problem.kind === 'missing') onMissing();
      return readError(problem, questions[index]?.what ?? 'data');
    });
    return { results, clock: reply.clock };
  }

  return {
    askAll,
    async ask(questions, signal) {
      const { results, clock } = await askAll(questions, signal);
      const good = results.map((result) => {
        if (result instanceof Error) throw result;
        return result;
      });
      return { results: good, clock };
    },
  };
}
