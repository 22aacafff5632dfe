import { RequestRefused } from '../errors.ts';
import { newShortId } from '../ids.ts';
import type { Channel, Json, User } from '../model.ts';
import type { Delivery } from '../sending.ts';
import type { SentForm } from '../sent-forms.ts';
import type { SlackState } from '../state.ts';

/** How the app answered: `acked` is a 2xx in time, `ms` from the first byte sent to the last one read. */
export interface Ack {
  acked: boolean;
  status: number | null;
  ms: number;
  failure: string | null;
}

export function asAck({ acked, status, ms, failure }: Delivery): Ack {
  return { acked, status, ms: Math.round(ms * 1000) / 1000, failure };
}

export function person(state: SlackState, id: string): User {
  const user = state.roster.users.get(id);
  if (!user || user.isBot || user.deleted) throw new RequestRefused(404, `there is no person ${id}`);
  return user;
}

export function channelFor(state: SlackState, user: string, reference: string): Channel {
  const channel = state.roster.findChannel(reference);
  if (!channel || !state.roster.sees(user, channel)) throw new RequestRefused(404, `there is no channel ${reference}`);
  return channel;
}

/** What names the organization, where the workspace is in one. */
export function inEnterprise({ enterprise }: SlackState): Record<string, string> {
  return enterprise ? { enterprise_id: enterprise.id, enterprise_name: enterprise.name } : {};
}

/** What every interaction payload says of the workspace, the person and the app. */
export function commonPayload(state: SlackState, user: User): Json {
  return {
    user: { id: user.id, username: user.name, name: user.name, team_id: user.externalTeam ?? state.team.id },
    api_app_id: state.app.appId,
    token: state.app.verificationToken,
    team: { id: state.team.id, domain: state.team.domain, ...inEnterprise(state) },
    enterprise: state.enterprise && { id: state.enterprise.id, name: state.enterprise.name },
    is_enterprise_install: state.orgWide,
  };
}

/** Sends a form to the app; a body that was sent before is signed anew. Throws RequestRefused when nobody listens. */
export async function sendForm(state: SlackState, form: SentForm): Promise<Delivery> {
  if (!state.installation.installed) throw new RequestRefused(400, 'the app is not installed');
  state.sentForms.add(form);
  const delivery = await state.outlet.send({ body: form.body, contentType: 'application/x-www-form-urlencoded' });
  if (!delivery) throw new RequestRefused(400, 'the app has no request URL');
  state.events.record(form.what, 0, delivery);
  state.counters.answered(delivery.acked, delivery.ms);
  return delivery;
}

export function payloadForm(what: string, payload: Json): SentForm {
  return { what, body: new URLSearchParams({ payload: JSON.stringify(payload) }).toString() };
}

/** Shows a person what went wrong, as the Slack client does. */
export function notice(state: SlackState, user: string, text: string, details: Json = {}): void {
  state.streams.tell([user], { type: 'notice', data: { id: newShortId(), text, ...details } });
}

export function failureNotice(delivery: Delivery): string {
  return delivery.failure === 'http_timeout'
    ? 'The app did not answer within three seconds.'
    : `The app did not take it: ${delivery.failure}${delivery.status === null ? '' : ` (HTTP ${delivery.status})`}.`;
}
