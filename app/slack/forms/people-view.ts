import type { InputBlock, KnownBlock, ModalView } from '@slack/types';
import { shorten } from '../../domain/text.ts';
import type { ListedPerson, PeopleList } from '../../home/people.ts';
import { actions, context, type Line, lines, plainButton } from '../home-parts.ts';
import { peopleIds, personInput, viewIds } from '../ids.ts';
import { longestQuery, type PeopleMetadata } from './people-metadata.ts';

export interface PeopleReader {
  erp: string;
  /** Where the app is installed again; undefined where it has no public address. */
  installUrl: string | undefined;
  /** What came of the last thing that was done, at the top. */
  notice?: Line[];
}

/** The form in which people of the ERP are matched: at most 60 blocks, whatever the ERP holds. */
export function peopleView(list: PeopleList, { erp, installUrl, notice = [] }: PeopleReader): ModalView {
  const { asked, people } = list;
  const metadata: PeopleMetadata = {
    connection: asked.connectionId,
    show: asked.show,
    query: asked.query,
    page: people.page,
    drawn: people.items.map(({ id, version, slackUser }) => [id, version, slackUser]),
  };
  return {
    type: 'modal',
    callback_id: viewIds.people,
    private_metadata: JSON.stringify(metadata),
    title: { type: 'plain_text', text: 'People' },
    submit: { type: 'plain_text', text: 'Save' },
    close: { type: 'plain_text', text: 'Close' },
    blocks: [
      ...(notice.length > 0
        ? [{ ...lines(notice), block_id: 'notice' } as KnownBlock, { type: 'divider' as const }]
        : []),
      lines(summary(list, erp, installUrl)),
      actions('people_actions', [
        plainButton(peopleIds.again, list.isRunning ? 'Look again' : 'Match again', 'again'),
        asked.show === 'unmatched' && asked.query === ''
          ? plainButton(peopleIds.show, 'Show all', 'all')
          : plainButton(peopleIds.show, 'Show those not matched', 'unmatched'),
      ]),
      search(asked.query),
      { type: 'divider' },
      context(heading(list)),
      ...people.items.flatMap((person) => toPerson(person, erp)),
      ...pager(list),
    ],
  };
}

function summary(
  { connection, counts, seesEmails, matchedAt, isRunning, problem }: PeopleList,
  erp: string,
  installUrl: string | undefined,
): Line[] {
  const { byEmail, byHand, unmatched, contacts } = counts;
  const all: Line[] = [
    [{ bold: connection.name }, ` · ${erp}`],
    [
      `${byEmail} matched by e-mail, ${byHand} set by hand, ${unmatched} ${unmatched === 1 ? 'employee' : 'employees'} not matched.`,
    ],
  ];
  if (contacts > 0) {
    const listed = contacts === 1 ? 'one contact' : `${contacts} contacts`;
    all.push([`“Show all” lists ${listed}, too; few contacts are in Slack as a rule.`]);
  }
  if (!seesEmails) {
    all.push([
      { bold: '⚠️ The app may not see e-mail addresses in Slack, so nobody is matched by theirs.' },
      ` Install it again ${installUrl ? `at ${installUrl}` : 'from its install page'} and allow that; what is set by hand works already.`,
    ]);
  }
  if (problem) all.push([{ bold: `⚠️ ${problem}` }, ' Everybody who was read before is still here.']);
  if (isRunning) all.push(['People are being matched now. Press “Look again” in a moment.']);
  else if (matchedAt) all.push(['Matched last ', { ago: matchedAt }, '. It happens by itself once a day.']);
  else all.push(['Not matched yet; that happens by itself within a minute or two.']);
  return all;
}

function search(query: string): InputBlock {
  return {
    type: 'input',
    // Another search is another block, so that its field shows what is looked for.
    block_id: `people_search ${query}`,
    dispatch_action: true,
    optional: true,
    label: { type: 'plain_text', text: 'Find by name' },
    hint: { type: 'plain_text', text: 'Type a part of a name and press Enter.' },
    element: {
      type: 'plain_text_input',
      action_id: peopleIds.search,
      max_length: longestQuery,
      dispatch_action_config: { trigger_actions_on: ['on_enter_pressed'] },
      ...(query === '' ? {} : { initial_value: query }),
    },
  };
}

function heading({ asked, people: { total, items, page, size } }: PeopleList): string {
  const which =
    asked.query !== '' ? `with “${asked.query}” in the name` : asked.show === 'all' ? 'known to the ERP' : '';
  if (total === 0) {
    if (asked.query !== '') return `Nobody ${which}.`;
    return asked.show === 'all'
      ? 'The ERP names nobody.'
      : 'Every employee is matched or set by hand. “Show all” lists them.';
  }
  const range = total > size ? `${page * size + 1}–${page * size + items.length} of ${total}` : String(total);
  return `${range} ${which || 'not matched'}. Choose who each of them is in Slack and press Save.`;
}

/** Its block's id holds the version, so that a form which is drawn anew keeps what was typed unless it is outdated. */
function toPerson(person: ListedPerson, erp: string): KnownBlock[] {
  const { name, key, sort, slackUser, matchedBy } = person;
  const label = `${oneLine(shorten(name, 120))} · ${sort === 'contact' ? 'contact ' : ''}${oneLine(shorten(key, 40))}`;
  const input: InputBlock = {
    type: 'input',
    block_id: personInput.blockId(person),
    optional: true,
    label: { type: 'plain_text', text: label, emoji: false },
    hint: { type: 'plain_text', text: because(person, erp), emoji: false },
    element: {
      // Not a users_select: that one cannot be emptied again.
      type: 'multi_users_select',
      action_id: personInput.actionId,
      max_selected_items: 1,
      placeholder: { type: 'plain_text', text: 'Nobody' },
      ...(slackUser === null ? {} : { initial_users: [slackUser] }),
    },
  };
  if (matchedBy !== 'hand') return [input];
  const back = plainButton(peopleIds.byEmail, 'Match by e-mail again', person.id, `${key} ${name}`);
  return [input, actions(`back_${person.id}`, [back])];
}

function because({ matchedBy, slackUser, unmatched, email, sort }: ListedPerson, erp: string): string {
  const address = email === null ? '' : ` (${oneLine(shorten(email, 120))})`;
  if (matchedBy === 'email') return `Matched by e-mail${address}.`;
  if (matchedBy === 'hand') return slackUser === null ? 'Set by hand: nobody in Slack.' : 'Set by hand.';
  switch (unmatched) {
    case 'no_email':
      return `No e-mail in ${erp}.`;
    case 'nobody':
      return `No member of this workspace has their e-mail${address}.`;
    case 'same_in_slack':
      return `Several people in Slack have their e-mail${address}.`;
    case 'same_in_erp':
      return `Several ${sort}s have the same e-mail${address}, so it does not say who is who.`;
    default:
      return 'Not matched yet.';
  }
}

function pager({ people: { page, pages } }: PeopleList): KnownBlock[] {
  const buttons = [
    ...(page > 0 ? [plainButton(peopleIds.previous, '← Previous', String(page - 1), 'people')] : []),
    ...(page < pages - 1 ? [plainButton(peopleIds.next, 'Next →', String(page + 1), 'people')] : []),
  ];
  return buttons.length > 0 ? [actions('people_pages', buttons)] : [];
}

/** ERP text may hold line breaks and control characters. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() || '–';
}
