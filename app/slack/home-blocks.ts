import type { Button, HomeView, KnownBlock } from '@slack/types';
import type { CardButton } from '../cards/card.ts';
import { shorten } from '../domain/text.ts';
import type { HomeContent } from '../home/content.ts';
import type { Decisions, WaitingItem } from '../home/decisions.ts';
import { cardButton, linkButton, phaseMarks } from './blocks.ts';
import { toAccounts } from './home-accounts.ts';
import { toAdministration } from './home-administration.ts';
import { actions, type Line, lines, pager, plainButton, smallPrint, title } from './home-parts.ts';
import { homeIds } from './ids.ts';

/**
 * A person's Home as Block Kit: at most 100 blocks and 250 kB, whatever is in it. Like a card's, all text of an ERP and
 * of people goes into plain_text and rich_text, which Slack takes literally.
 */
export function toHomeView(content: HomeContent): HomeView {
  const { notice, glance, decisions, accounts, administration } = content;
  const blocks: KnownBlock[] = [];
  if (notice) blocks.push(lines([[{ bold: notice }]]), { type: 'divider' });
  if (glance) blocks.push(...toGlance(content, glance));
  if (decisions) blocks.push(...toDecisions(decisions));
  if (accounts) blocks.push(...toAccounts(accounts));
  if (administration) blocks.push(...toAdministration(administration));
  blocks.push({ type: 'divider' }, readAt(content.readAt));
  return { type: 'home', callback_id: 'home', blocks };
}

/** What stands there when Slack refuses the rest. */
export function toPlainHomeView(): HomeView {
  const text =
    'Slack refused what should stand here, so it cannot be shown. What waits for you stands in your channels too.';
  return { type: 'home', callback_id: 'home', blocks: [{ type: 'section', text: { type: 'plain_text', text } }] };
}

function toGlance({ tab }: HomeContent, glance: NonNullable<HomeContent['glance']>): KnownBlock[] {
  const waiting = glance.waiting > 0 ? ` (${glance.waiting})` : '';
  const buttons = [
    plainButton(homeIds.decisions, `Decisions${waiting}`, 'decisions'),
    plainButton(homeIds.administration, 'Administration', 'administration'),
  ];
  const tabs = actions(
    'tabs',
    buttons.map((button) => (button.value === tab ? { ...button, style: 'primary' as const } : button)),
  );
  return [tabs, lines([glanceLine(glance)]), { type: 'divider' }];
}

function glanceLine({ connections, troubles }: NonNullable<HomeContent['glance']>): Line {
  if (troubles.length > 0) return [{ bold: `⚠️ ${troubles.join(' · ')}` }];
  if (connections === 0) return ['👋 No connection to an ERP is set up yet.'];
  return [
    `✅ All is well: ${connections === 1 ? '1 connection is' : `${connections} connections are`} being read, nothing is stuck.`,
  ];
}

function toDecisions({ waiting, decided, isDecider }: Decisions): KnownBlock[] {
  const blocks: KnownBlock[] = [
    title(waiting.total === 0 ? 'Nothing waits for you' : `Waiting for you: ${waiting.total}`),
  ];
  if (waiting.total === 0) {
    const why = isDecider
      ? '🌿 All done. What comes next for you to decide appears here by itself, and as a card in its channel.'
      : 'No route names you among those who decide. When one does, what waits for you appears here by itself.';
    blocks.push(lines([[why]]));
  }
  waiting.items.forEach((item, index) => {
    if (index > 0) blocks.push({ type: 'divider' });
    blocks.push(...toWaiting(item, index));
  });
  blocks.push(...pager('waiting', waiting));
  if (decided.length > 0) {
    blocks.push({ type: 'divider' }, title('What you decided lately'));
    blocks.push(lines(decided.map(({ outcome, words }): Line => [`${marks[outcome]} `, ...words])));
  }
  return blocks;
}

const marks = { done: '✅', open: '⏳', not_done: '↩️' };

/** Shorter than on the card: eight decisions with ten fields each have to fit. */
const longestField = { label: 40, value: 120 };

function toWaiting({ card, due, channel, paused }: WaitingItem, index: number): KnownBlock[] {
  const second: Line = card.status ? [`${phaseMarks[card.status.phase]} ${card.status.label}`] : [];
  if (due) second.push(' · ', due.overdue ? { bold: due.words } : due.words);
  second.push(' · ', { channel });
  const text: Line[] = [[{ bold: card.headline }], second];
  for (const warning of card.warnings) text.push([{ bold: `⚠️ ${warning}` }]);
  if (paused)
    text.push([{ bold: `⏸️ The connection “${paused}” is paused: nothing is carried out until it is resumed.` }]);
  if (card.description) text.push([shorten(card.description, 200)]);
  for (const { label, value } of card.fields ?? [])
    text.push([{ bold: `${shorten(label, longestField.label)}: ` }, shorten(value, longestField.value)]);
  const buttons = card.buttons.map((button) => decideButton(button, card.ticket));
  if (card.link) buttons.push(linkButton(card.link));
  return [
    lines(text),
    smallPrint(card.smallPrint),
    ...(buttons.length > 0 ? [actions(`waiting_${index}`, buttons)] : []),
  ];
}

function decideButton(button: CardButton, ticket: string): Button {
  const drawn = cardButton(button, ticket);
  return button.action === 'expand' ? drawn : { ...drawn, action_id: homeIds[button.action] };
}

function readAt(instant: string): KnownBlock {
  const unix = Math.floor(Date.parse(instant) / 1_000);
  const fallback = `${instant.slice(0, 10)} ${instant.slice(11, 16)} UTC`;
  return {
    type: 'context',
    elements: [{ type: 'mrkdwn', text: `As of <!date^${unix}^{date_short_pretty} at {time}|${fallback}>` }],
  };
}
