/** The partner's licence: it travels in `control`, apart from the company's own sign-in. Both values are case-sensitive. */
export const sender = { id: 'countersign_ws', password: 'sandbox-intacct-sender' };

export const companyId = 'Treasury-sandbox';
export const baseCurrency = 'GBP';

/** Somebody who can sign in; `recordNo` is that of USERINFO. */
export interface User {
  recordNo: number;
  userId: string;
  password: string;
  name: string;
  email: string;
  role: 'service' | 'approver' | 'clerk';
}

export const users: readonly User[] = [
  {
    recordNo: 11,
    userId: 'countersign',
    password: 'sandbox-intacct-service',
    name: 'Countersign Service',
    email: 'countersign@treasury.example',
    role: 'service',
  },
  {
    recordNo: 12,
    userId: 'amara.okafor',
    password: 'sandbox-intacct-amara',
    name: 'Amara Okafor',
    email: 'amara.okafor@treasury.example',
    role: 'approver',
  },
  {
    recordNo: 13,
    userId: 'jonas.weber',
    password: 'sandbox-intacct-jonas',
    name: 'Jonas Weber',
    email: 'jonas.weber@treasury.example',
    role: 'approver',
  },
  {
    recordNo: 14,
    userId: 'clerk',
    password: 'sandbox-intacct-clerk',
    name: 'Ledger Clerk',
    email: 'clerk@treasury.example',
    role: 'clerk',
  },
];

/** A legal entity of the company. Rows of a private one are hidden at the top level. `branch` names it in the sample data. */
export interface Entity {
  recordNo: number;
  id: string;
  name: string;
  branch: string;
  private: boolean;
}

export const entities: readonly Entity[] = [
  { recordNo: 1, id: 'E100', name: 'HM Treasury', branch: 'HMT', private: false },
  { recordNo: 2, id: 'E200', name: 'Debt Management Office', branch: 'DMO', private: false },
  { recordNo: 3, id: 'E300', name: 'Government Internal Audit Agency', branch: 'GIAA', private: false },
  { recordNo: 4, id: 'E400', name: 'National Infrastructure Commission', branch: 'NIC', private: false },
  { recordNo: 5, id: 'E500', name: 'UK Government Investments', branch: 'UKGI', private: true },
];

export function userById(userId: string | null | undefined): User | undefined {
  return users.find((user) => user.userId === userId);
}

export function entityById(id: string | null | undefined): Entity | undefined {
  return entities.find((entity) => entity.id === id);
}

export function entityByKey(recordNo: unknown): Entity | undefined {
  return entities.find((entity) => entity.recordNo === recordNo);
}
