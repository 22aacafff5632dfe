import type { Token } from '../installation.ts';
import type { Tier } from '../limits.ts';
import type { Json } from '../model.ts';
import type { SlackState } from '../state.ts';
import type { Arguments } from './arguments.ts';

export interface Call {
  state: SlackState;
  /** Who calls: the bot, or a person through a user token. */
  caller: Token;
  args: Arguments;
}

export interface Method {
  tier: Tier;
  /** Any one of these is enough; none means that every token may call. */
  scopes?: string[];
  /** Throws SlackError or RateLimited. */
  run: (call: Call) => Json;
}
