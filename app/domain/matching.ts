import { type PersonSort, sameEmail } from './person.ts';

/** Why a person of the ERP is nobody in Slack by their e-mail. */
export type Unmatched = 'no_email' | 'nobody' | 'same_in_slack' | 'same_in_erp';

export type Match = { slackUser: string; unmatched: null } | { slackUser: null; unmatched: Unmatched };

export interface Matchable {
  id: string;
  sort: PersonSort;
  email: string | null;
}

/**
 * Who is who by e-mail, whatever its letters' case. `accounts` are the ids in Slack by address. An address that several
 * accounts have, or several employees (or several contacts), says of nobody who they are; an employee who is a contact
 * too is one human, so those two may share it.
 */
export function matchByEmail(
  people: readonly Matchable[],
  accounts: ReadonlyMap<string, string[]>,
): Map<string, Match> {
  const sharers = new Map<string, number>();
  for (const { sort, email } of people) {
    if (email !== null) sharers.set(addressOf(sort, email), (sharers.get(addressOf(sort, email)) ?? 0) + 1);
  }
  const nobody = (unmatched: Unmatched): Match => ({ slackUser: null, unmatched });
  return new Map(
    people.map(({ id, sort, email }): [string, Match] => {
      if (email === null) return [id, nobody('no_email')];
      const [account, another] = accounts.get(sameEmail(email)) ?? [];
      if (account === undefined) return [id, nobody('nobody')];
      if (another !== undefined) return [id, nobody('same_in_slack')];
      if ((sharers.get(addressOf(sort, email)) ?? 0) > 1) return [id, nobody('same_in_erp')];
      return [id, { slackUser: account, unmatched: null }];
    }),
  );
}

const addressOf = (sort: PersonSort, email: string) => `${sort} ${sameEmail(email)}`;
