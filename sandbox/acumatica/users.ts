/** Somebody who can sign in to the simulated site. */
export interface User {
  username: string;
  password: string;
  name: string;
  email: string;
  role: 'service' | 'approver' | 'no access to documents';
}

/** A connected application belongs to one tenant, which its client ID names. */
export const clientIdOf = (tenant: string) => `5C1D4E7A-3B7E-4B8E-9C55-6A2F0E8D9B11@${tenant}`;
export const clientSecret = 'sandbox-acumatica-secret';

export const users: readonly User[] = [
  {
    username: 'countersign',
    password: 'sandbox-service',
    name: 'Countersign Service',
    email: 'countersign@treasury.example',
    role: 'service',
  },
  {
    username: 'amara.okafor',
    password: 'sandbox-amara',
    name: 'Amara Okafor',
    email: 'amara.okafor@treasury.example',
    role: 'approver',
  },
  {
    username: 'jonas.weber',
    password: 'sandbox-jonas',
    name: 'Jonas Weber',
    email: 'jonas.weber@treasury.example',
    role: 'approver',
  },
  {
    username: 'warehouse',
    password: 'sandbox-warehouse',
    name: 'Warehouse Clerk',
    email: 'warehouse@treasury.example',
    role: 'no access to documents',
  },
];

/** The user who signs in with this name and password. */
export function findUser(username: string | null, password: string | null): User | undefined {
  return users.find((user) => user.username === username?.toLowerCase() && user.password === password);
}

/** The user with this name, whatever the password. */
export const findUserNamed = (username: string) => users.find((user) => user.username === username.toLowerCase());
