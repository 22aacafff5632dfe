import type { Router } from 'express';
import { z } from 'zod';
import { RequestRefused } from './errors.ts';
import type { User } from './model.ts';
import { Fields } from './request-errors.ts';
import type { SlackWorkspace } from './workspace.ts';

/** Intl throws for a zone or a tag that does not exist. */
function isKnown(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

const changes = z.object({
  realName: z.string().min(1),
  /** Empty for somebody without one. */
  email: z.string(),
  isAdmin: z.boolean(),
  tz: z
    .string()
    .refine((zone) => isKnown(() => new Intl.DateTimeFormat('en', { timeZone: zone })), 'no such time zone'),
  locale: z.string().refine((tag) => isKnown(() => new Intl.Locale(tag)), 'no such locale'),
  deleted: z.boolean(),
  guest: z.enum(['no', 'multi', 'single']),
  externalTeam: z
    .string()
    .regex(/^T[A-Z0-9]+$/, 'an id of a workspace begins with T')
    .nullable(),
});

/** What may be said about a person; throws RequestRefused (400) with what is wrong. */
function readPerson(values: unknown): Partial<User> {
  const parsed = changes.partial().safeParse(values);
  if (!parsed.success) throw new RequestRefused(400, z.prettifyError(parsed.error));
  const given = Object.entries(parsed.data).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as Partial<User>;
}

function addPeople(router: Router, workspace: SlackWorkspace): void {
  const { roster, streams, installation } = workspace.state;
  router.post('/users', (request, response) => {
    const body = new Fields(request.body);
    const user = roster.addUser({ ...readPerson(request.body), name: body.required('name') });
    for (const channel of roster.channels.values()) {
      if (channel.kind === 'public' && roster.sees(user.id, channel)) channel.members.add(user.id);
    }
    for (const reference of Array.isArray(body.values.channels) ? body.values.channels.map(String) : []) {
      workspace.setMember(workspace.channel(reference), user, true);
    }
    if (roster.users.has(installation.botUserId)) roster.directMessage(installation.botUserId, user.id);
    streams.tellAll({ type: 'workspace_changed', data: { user: user.id } });
    response.status(201).json(user);
  });
  router.patch('/users/:id', (request, response) => {
    const user = workspace.user(request.params.id);
    Object.assign(user, readPerson(request.body));
    streams.tellAll({ type: 'workspace_changed', data: { user: user.id } });
    response.json(user);
  });
}

function addChannels(router: Router, workspace: SlackWorkspace): void {
  const { roster, streams } = workspace.state;
  router.post('/channels', (request, response) => {
    const body = new Fields(request.body);
    const name = body.text('name');
    const count = body.number('count') ?? 1;
    const first = roster.channels.size + 1;
    const { members } = body.values;
    const added = Array.from({ length: count }, (_, index) =>
      roster.addChannel({
        name: name && count === 1 ? name : `${name ?? 'channel'}-${first + index}`,
        private: body.flag('private'),
        old: body.flag('old'),
        isExtShared: body.flag('isExtShared'),
        ...(Array.isArray(members) ? { members: members.map((each) => workspace.user(String(each)).id) } : {}),
      }),
    );
    if (body.flag('invite')) for (const channel of added) workspace.setBotMember(channel.id, true);
    streams.tellAll({ type: 'workspace_changed', data: { channels: added.length } });
    response.status(201).json(added.map(({ id, name, kind }) => ({ id, name, isPrivate: kind === 'private' })));
  });
  for (const [path, member] of [
    ['invite', true],
    ['remove', false],
  ] as const) {
    router.post(`/channels/:id/${path}`, (request, response) => {
      const body = new Fields(request.body);
      const channel = workspace.channel(request.params.id);
      const [user, by] = [body.text('user'), body.text('by')];
      if (user === undefined) workspace.setBotMember(channel.id, member);
      else workspace.setMember(channel, workspace.user(user), member, by === undefined ? by : workspace.user(by).id);
      response.status(204).end();
    });
  }
  for (const [path, archived] of [
    ['archive', true],
    ['unarchive', false],
  ] as const) {
    router.post(`/channels/:id/${path}`, (request, response) => {
      workspace.setArchived(request.params.id, archived);
      response.status(204).end();
    });
  }
}

/** Admin addresses about who and what is in the workspace. */
export function addPeopleAndChannels(router: Router, workspace: SlackWorkspace): void {
  addPeople(router, workspace);
  addChannels(router, workspace);
}
