import { z } from 'zod';
import { PermanentError, ReconnectError } from '../../app/domain/errors.ts';
import type { TypedLogin } from '../connector.ts';
import { createWords } from '../shared/words.ts';
import type { IntacctCredentials } from './credentials.ts';
import { createCalls } from './gateway/calls.ts';

/** What a person signs in to the company with, as their account's state keeps it. */
export const ownLoginSchema = z.object({
  user_id: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .meta({ title: 'User ID', description: 'As on the sign-in page of Intacct.', problems: ['account'] }),
  password: z
    .string()
    .min(1)
    .max(500)
    .meta({ title: 'Password', description: 'Your own, of Intacct.', secret: true, problems: ['login'] }),
});

/**
 * The XML gateway knows no consent page: a person's own session is opened with what they sign in with, under the
 * connection's sender and company, and acts as them.
 */
export const ownLogin: TypedLogin<IntacctCredentials> = {
  fields: ownLoginSchema,
  async check({ signal, ...context }) {
    const { credentials, state } = context;
    const typed = ownLoginSchema.safeParse((await state.read())?.login);
    if (!typed.success) throw new PermanentError('no_login', 'User ID and password are both needed.');
    const { user_id: userId, password } = typed.data;
    if (userId.toLowerCase() === credentials.user_id.toLowerCase()) {
      throw new ReconnectError('This is the user that the app itself reads with. Sign in as yourself.', {
        field: 'account',
      });
    }
    const words = createWords(() => [credentials.sender_password, credentials.password, password]);
    const login = { companyId: credentials.company_id, userId, password, entity: credentials.entity ?? null };
    try {
      await createCalls(context, words, { login, state }).sessions.current(signal);
    } catch (error) {
      if (!(error instanceof ReconnectError && error.field === 'login')) throw error;
      throw new ReconnectError('Intacct does not accept this user ID and password together.', {
        field: 'login',
        cause: error,
      });
    }
    return { user: userId };
  },
};
