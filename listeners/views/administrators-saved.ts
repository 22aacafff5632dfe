import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { actInHome } from '../../app/home/row.ts';
import { adminsMost, nameAdministrators, readAdministrators } from '../../app/people/name-admins.ts';
import { administratorsView, readAdministratorsVersion } from '../../app/slack/forms/administrators-view.ts';
import { formOutdated, onlyAdministrators, plainView } from '../../app/slack/forms/plain-view.ts';
import type { Line } from '../../app/slack/home-parts.ts';
import { administratorsInput } from '../../app/slack/ids.ts';
import { administrates } from '../administrates.ts';
import { type ListenerDeps, workspaceOf } from '../deps.ts';
import { refusedAccounts } from './chosen-members.ts';
import { answerInTime, type FormAnswer } from './in-time.ts';

const title = 'Administrators';

/** Who looks after the app besides the installer and Slack's own admins, as an administrator says. */
export function administratorsSaved(deps: ListenerDeps) {
  return async (args: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const version = readAdministratorsVersion(args.view.private_metadata);
    const blockId = `${administratorsInput.blockId}_${version}`;
    const people = args.view.state.values[blockId]?.[administratorsInput.actionId]?.selected_users;
    if (version === undefined || !people)
      return args.ack({ response_action: 'update', view: plainView(title, formOutdated) });
    const who = { workspace: workspaceOf(args.context), person: args.body.user.id };
    return answerInTime(deps, args, save(deps, who, { people: [...new Set(people)], version }, blockId));
  };
}

async function save(
  deps: ListenerDeps,
  { workspace, person }: { workspace: string; person: string },
  wanted: { people: string[]; version: number },
  blockId: string,
): Promise<FormAnswer> {
  const { db, directory } = deps;
  const installationId = await administrates(deps, { workspace, person, asked: 'name administrators' });
  if (!installationId) return { view: plainView(title, onlyAdministrators) };
  if (wanted.people.length > adminsMost) return { errors: { [blockId]: `Name ${adminsMost} people at most.` } };
  const { named } = await readAdministrators(db, installationId);
  const added = wanted.people.filter((each) => !named.includes(each));
  const refused = [...(await refusedAccounts(directory, installationId, added)).values()];
  if (refused.length > 0) return { errors: { [blockId]: refused.slice(0, 5).join(' ') } };
  const saved = await nameAdministrators(db, { installationId, actor: person }, wanted);
  if (saved.result === 'conflict') {
    const now = await readAdministrators(db, installationId);
    return { view: administratorsView(now, changedMeanwhile(now.changedBy)) };
  }
  if (saved.added.length + saved.removed.length > 0) await actInHome(db, { installationId, person });
  return 'done';
}

function changedMeanwhile(by: string | null): Line[] {
  const who: Line[number] = by === null ? 'Somebody else' : { person: by };
  return [
    [who, { bold: ' has changed the administrators since you opened this, so nothing was saved.' }],
    ['This is the list as it is now. Change it where you want something else, and press Save.'],
  ];
}
