import type { ModalView } from '@slack/types';
import { z } from 'zod';
import type { TypedLink } from '../../accounts/links.ts';
import { shorten } from '../../domain/text.ts';
import { context, lines } from '../home-parts.ts';
import { viewIds } from '../ids.ts';
import { credentialInput } from './inputs.ts';

export const typedLoginTitle = 'Link my account';

/** The form in which a person types what they sign in to the ERP with. Nothing in it is ever filled in. */
export function typedLoginView({ connectionId, erp, connection, fields }: TypedLink): ModalView {
  const about = `Sign in to ${erp} as yourself. From then on, what you decide here for “${shorten(connection, 80)}” is done there in your name.`;
  return {
    type: 'modal',
    callback_id: viewIds.typedLogin,
    private_metadata: JSON.stringify({ connection: connectionId }),
    title: { type: 'plain_text', text: typedLoginTitle },
    submit: { type: 'plain_text', text: 'Link my account' },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: [
      lines([[about]]),
      ...fields.flatMap((field) =>
        credentialInput(loginBlock(field.name), { field, value: null, kept: null }, undefined),
      ),
      context('It is tried out at once, and kept only if it works. Unlink in the Home tab ends it.'),
    ],
  };
}

const metadataSchema = z.object({ connection: z.uuid() });

/** The connection that a form is for; '' where it says none. */
export function connectionOf(metadata: string): string {
  try {
    return metadataSchema.parse(JSON.parse(metadata)).connection;
  } catch {
    return '';
  }
}

export const loginBlock = (field: string) => `login:${field}`;

/** What was typed, by field; what was left empty is not there. */
export function readTypedLogin(
  values: Record<string, Record<string, { value?: string | null }>>,
  fields: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const [element] = Object.values(values[loginBlock(field)] ?? {});
      return element?.value ? [[field, element.value]] : [];
    }),
  );
}
