import { findElement } from '../elements.ts';
import { RequestRefused } from '../errors.ts';
import type { Channel, User } from '../model.ts';
import { conversationsToChoose, peopleToChoose } from '../places-to-choose.ts';
import type { SlackState } from '../state.ts';
import { blocksOf } from '../view-store.ts';
import { channelFor, person } from './interaction.ts';

export interface ChoicesRequest {
  user: string;
  channel?: string | undefined;
  messageTs?: string | undefined;
  viewId?: string | undefined;
  blockId?: string | undefined;
  actionId: string;
  /** What was typed to narrow the list. */
  value: string;
}

/** Something that a people or conversation picker offers. */
export interface Choice {
  id: string;
  label: string;
  kind: 'person' | 'bot' | Channel['kind'];
  /** What else tells it from others of that name. */
  note: string;
}

const most = 100;

function ofPerson(user: User): Choice {
  const guest = user.externalTeam !== null ? 'another company' : user.guest === 'no' ? '' : 'guest';
  return { id: user.id, label: user.realName, kind: user.isBot ? 'bot' : 'person', note: guest || `@${user.name}` };
}

function ofChannel(state: SlackState, me: User, channel: Channel): Choice {
  const other = [...channel.members].find((id) => id !== me.id);
  const label = channel.kind === 'im' ? (state.roster.users.get(other ?? '')?.realName ?? 'a person') : channel.name;
  return { id: channel.id, label, kind: channel.kind, note: channel.isExtShared ? 'shared with another company' : '' };
}

/** What a people, conversation or channel picker lists for what was typed, as Slack's client does by itself. */
export function choices(state: SlackState, request: ChoicesRequest): Choice[] {
  const me = person(state, request.user);
  const view = request.viewId === undefined ? undefined : state.views.find(request.viewId);
  const channel = request.channel ? channelFor(state, me.id, request.channel) : undefined;
  const message = channel && state.messages.get(channel.id, request.messageTs);
  const blocks = view?.user === me.id ? blocksOf(view) : (message?.blocks ?? []);
  const found = findElement(blocks, request.actionId, request.blockId);
  const type = String(found?.element.type);
  if (!found || !/(users|conversations|channels)_select$/.test(type)) {
    throw new RequestRefused(404, `there is no picker ${request.actionId}`);
  }
  const all = /users_select$/.test(type)
    ? peopleToChoose(state.roster).map(ofPerson)
    : conversationsToChoose(state.roster, me.id, found.element).map((each) => ofChannel(state, me, each));
  const typed = request.value.trim().replace(/^[@#]/, '').toLowerCase();
  const fitting = all.filter(({ label, note }) => `${label} ${note}`.toLowerCase().includes(typed));
  return fitting.toSorted((a, b) => a.label.localeCompare(b.label)).slice(0, most);
}
