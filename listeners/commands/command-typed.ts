import { setTimeout as sleep } from 'node:timers/promises';
import type { AllMiddlewareArgs, SlackCommandMiddlewareArgs } from '@slack/bolt';
import { z } from 'zod';
import { type Answer, answer, type Line } from '../../app/slack/messages/answer.ts';
import { type CommandWord, commandWords } from '../../app/slack/messages/help.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { audit } from './audit.ts';
import { adminsOnly, type Respond } from './call.ts';
import { find } from './find.ts';
import { help, unknownWord } from './help.ts';
import { mine } from './mine.ts';
import { pause, resume } from './pause.ts';
import { replay } from './replay.ts';
import { run as runNow } from './run.ts';
import { status } from './status.ts';

/** Slack waits three seconds; an answer that is not there by half of them follows later. */
const waitMs = 1_500;
const repeatAfterMs = 1_000;

const responders: Record<CommandWord, Respond> = {
  status,
  mine,
  find,
  audit,
  replay: adminsOnly('replay', replay),
  run: adminsOnly('run', runNow),
  pause: adminsOnly('pause', pause),
  resume: adminsOnly('resume', resume),
  help,
};

const typedSchema = z.object({
  user_id: z.string().min(1),
  channel_id: z.string().min(1),
  command: z.string().min(1),
  text: z.string().default(''),
});

/** The slash command: answered at once where that is quick, else acknowledged and answered when it is ready. */
export function commandTyped(deps: ListenerDeps) {
  return async ({ ack, body, client, context, respond }: SlackCommandMiddlewareArgs & AllMiddlewareArgs) => {
    const typed = typedSchema.parse(body);
    const work = carryOut(deps, typed, workspaceOf(context), client).catch((error): Line[] => {
      deps.log.error('a command was not carried out', { command: typed.text.slice(0, 40), error });
      return [['That did not work just now. Try again in a minute; asking twice does no harm.']];
    });
    const quick = await Promise.race([work, sleep(waitMs, undefined, { ref: false })]);
    if (quick) return ack(answer(quick));
    await ack(answer([['Looking …']]));
    deps.later(work.then((lines) => send(respond, answer(lines))));
  };
}

type Typed = z.output<typeof typedSchema>;

async function carryOut(
  deps: ListenerDeps,
  { user_id, channel_id, command, text }: Typed,
  workspace: string,
  client: AllMiddlewareArgs['client'],
): Promise<Line[]> {
  const [, typed = '', argument = ''] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(asTyped(text)) ?? [];
  const word = commandWords.find((known) => known === typed.toLowerCase());
  const run = typed === '' ? help : word && responders[word];
  if (!run) return unknownWord(command, typed);
  const row = await deps.db('installations').where({ slack_key: workspace, state: 'active' }).first('id');
  if (!row) return [['The app is not installed in this workspace any more.']];
  return run({ deps, installationId: row.id, person: user_id, channel: channel_id, command, argument, client });
}

/** Slack escapes these three in what people type. */
function asTyped(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** An answer that did not arrive is sent once more: shown twice does less harm than not at all. */
async function send(respond: SlackCommandMiddlewareArgs['respond'], message: Answer): Promise<void> {
  try {
    await respond({ ...message, replace_original: false });
  } catch {
    await sleep(repeatAfterMs);
    await respond({ ...message, replace_original: false });
  }
}
