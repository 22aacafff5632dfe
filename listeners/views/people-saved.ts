import type { AllMiddlewareArgs, SlackViewMiddlewareArgs } from '@slack/bolt';
import { listPeople } from '../../app/home/people.ts';
import { actInHome } from '../../app/home/row.ts';
import { type Choice, type Conflict, type Saved, setByHand } from '../../app/people/set-by-hand.ts';
import { changedChoices, type PeopleMetadata, readPeopleMetadata } from '../../app/slack/forms/people-metadata.ts';
import { peopleView } from '../../app/slack/forms/people-view.ts';
import { connectionGone, formOutdated, onlyAdministrators, plainView } from '../../app/slack/forms/plain-view.ts';
import type { Line } from '../../app/slack/home-parts.ts';
import { personInput } from '../../app/slack/ids.ts';
import { administrates } from '../administrates.ts';
import { erpTitle } from '../commands/call.ts';
import { installUrlOf, type ListenerDeps, workspaceOf } from '../deps.ts';
import { refusedAccounts } from './chosen-members.ts';
import { answerInTime, type FormAnswer } from './in-time.ts';

/** Who the ERP's people are in Slack, as an administrator says: all that was chosen on a page, or nothing of it. */
export function peopleSaved(deps: ListenerDeps) {
  return async (args: SlackViewMiddlewareArgs & AllMiddlewareArgs): Promise<void> => {
    const metadata = readPeopleMetadata(args.view.private_metadata);
    if (!metadata) return args.ack({ response_action: 'update', view: plainView('People', formOutdated) });
    const choices = changedChoices(metadata, args.view.state.values);
    if (choices.length === 0) return args.ack();
    const who = { workspace: workspaceOf(args.context), person: args.body.user.id };
    return answerInTime(deps, args, save(deps, who, metadata, choices));
  };
}

async function save(
  deps: ListenerDeps,
  { workspace, person }: { workspace: string; person: string },
  metadata: PeopleMetadata,
  choices: Choice[],
): Promise<FormAnswer> {
  const { db, directory, publicUrl } = deps;
  const installationId = await administrates(deps, { workspace, person, asked: 'match people' });
  if (!installationId) return { view: plainView('People', onlyAdministrators) };
  const chosen = choices.flatMap((choice) => choice.chosen ?? []);
  const refused = await refusedAccounts(directory, installationId, chosen);
  const errors = choices.flatMap((choice) => {
    const why = choice.chosen === null ? undefined : refused.get(choice.chosen);
    return why === undefined ? [] : [[personInput.blockId(choice), why]];
  });
  if (errors.length > 0) return { errors: Object.fromEntries(errors) };
  const owner = { installationId, connectionId: metadata.connection, actor: person };
  const saved = await setByHand(db, owner, choices);
  const { connection: connectionId, show, query, page } = metadata;
  const list = await listPeople(db, { installationId, connectionId, show, query, page });
  if (!list || saved.result === 'gone') return { view: plainView('People', connectionGone) };
  if (saved.result === 'saved') await actInHome(db, { installationId, person });
  const erp = erpTitle(list.connection.connector);
  return { view: peopleView(list, { erp, installUrl: installUrlOf(publicUrl), notice: said(saved, choices.length) }) };
}

function said(saved: Exclude<Saved, { result: 'gone' }>, count: number): Line[] {
  if (saved.result === 'saved') return [[{ bold: count === 1 ? '1 person is saved.' : `${count} people are saved.` }]];
  return [
    [{ bold: '⚠️ Nothing was saved: somebody else has changed this since you opened it.' }],
    ...saved.conflicts.map(conflictLine),
    ['Look at it as it is now, choose again where you want something else, and press Save.'],
  ];
}

function conflictLine({ name, slackUser, setBy }: Conflict): Line {
  const who: Line[number] = setBy === null ? 'The matching by e-mail' : { person: setBy };
  return [who, ' set ', { bold: name }, ' to ', slackUser === null ? 'nobody' : { person: slackUser }, '.'];
}
