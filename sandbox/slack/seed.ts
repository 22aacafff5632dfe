import type { User } from './model.ts';

export const team = { id: 'T0NORTHWND', name: 'Northwind Finance', domain: 'northwind-finance' };

/** The Enterprise organization that the workspace may belong to. */
export const enterprise = { id: 'E0NORTHGRP', name: 'Northwind Group', domain: 'northwind-group' };

function person(id: string, name: string, realName: string, isAdmin = false): User {
  return {
    id,
    name,
    realName,
    email: `${name}@northwind.example`,
    isAdmin,
    isBot: false,
    tz: 'Europe/London',
    locale: 'en-GB',
    deleted: false,
    guest: 'no',
    externalTeam: null,
  };
}

/** Sample people: a finance director, a controller, an AP clerk, a treasurer, a buyer and a workspace admin. */
export const people: User[] = [
  person('U0FINDIR01', 'maya.okafor', 'Maya Okafor (Finance Director)'),
  person('U0CTRLLR02', 'priya.raman', 'Priya Raman (Controller)'),
  person('U0APCLRK03', 'jonas.lindqvist', 'Jonas Lindqvist (AP Clerk)'),
  person('U0TREASR04', 'elena.duarte', 'Elena Duarte (Treasurer)'),
  person('U0BUYER005', 'tom.becker', 'Tom Becker (Buyer)'),
  person('U0ADMIN006', 'sam.whitfield', 'Sam Whitfield (Workspace Admin)', true),
];

export interface ChannelSeed {
  id: string;
  name: string;
  private: boolean;
  members: string[];
}

const everyone = people.map((user) => user.id);

export const channels: ChannelSeed[] = [
  { id: 'C0GENERAL0', name: 'general', private: false, members: everyone },
  { id: 'C0APAPPROV', name: 'ap-approvals', private: false, members: everyone },
  {
    id: 'C0LARGEPAY',
    name: 'large-payments',
    private: false,
    members: ['U0FINDIR01', 'U0CTRLLR02', 'U0TREASR04', 'U0ADMIN006'],
  },
  { id: 'C0TREASURY', name: 'treasury', private: true, members: ['U0FINDIR01', 'U0TREASR04', 'U0ADMIN006'] },
];

export const sampleApp = {
  appId: 'A0CNTRSIGN',
  name: 'Countersign',
  clientId: '5551234567890.5559876543210',
  clientSecret: '0123456789abcdef0123456789abcdef',
  signingSecret: '8f742231b10e8888abcd99yyyzzz85a5',
  appToken: 'xapp-1-A0CNTRSIGN-5551234567891-sandboxsandboxsandboxsandbox',
  verificationToken: 'sandboxVerificationToken1',
  botUserId: 'U0CNTRBOT7',
  botId: 'B0CNTRSIGN',
};
