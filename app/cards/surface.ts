import type { CardContent, Text } from './card.ts';

/** Where a message goes: a channel of an installation, or a person of it, who gets it as a direct message. */
export interface Place {
  installationId: string;
  channel: string;
  /** Of a direct message: the conversation that it turned out to be, once an answer has told. */
  conversation?: string | null;
}

export interface Posted {
  messageId: string;
  conversation?: string;
}

/** Words for one person; a place is shown as Slack shows it, a message in it as a link. */
export type Told = string | { channel: string; messageId?: string };

/** A way to link the person's own account to a connection. */
export interface ToldButton {
  label: string;
  linkTo: { connectionId: string };
}

/**
 * Where cards are shown. Nothing here retries or paces: the lane does. Errors are those of `app/domain/errors.ts`:
 * RetryableError (surely not posted; `retryAfterMs` where told), UnclearError (it may stand there), ReconnectError (the
 * installation's access is gone), PermanentError with a reason of `permanentReasons`.
 */
export interface Surface {
  /** Posts a card; `key` travels with it so that it can be found again. */
  post(place: Place, card: CardContent, key: string): Promise<Posted>;
  /** Redraws a card in place. Doing it twice does no harm. */
  update(place: Place, messageId: string, card: CardContent, key: string): Promise<void>;
  /** Adds one message with these lines to a card's thread; with `inChannel` the channel shows it, too. */
  reply(
    place: Place,
    messageId: string,
    lines: Text[],
    key: string,
    options?: { inChannel?: boolean },
  ): Promise<Posted>;
  /** Looks for a message that carries `key`, posted at `since` or later; says when looking is not allowed. */
  find(place: Place, key: string, since: Date, thread?: string): Promise<Posted | 'absent' | 'cannot_look'>;
  /** Tells one person something that nobody else sees; in the channel where one is given. */
  tell(
    installationId: string,
    person: string,
    text: string | Told[],
    channel?: string,
    /** What they can do about it. */
    button?: ToldButton,
  ): Promise<void>;
}

/**
 * What PermanentError.reason may say, and so what gives up: `place` all that waits for the channel, `uninvited` the same
 * until the app is let in, `content` this card,
 * `message` the message that was to be redrawn is gone or closed for changes.
 */
export type PermanentReason = 'place' | 'uninvited' | 'content' | 'message';
