import { z } from 'zod';

/** An empty form field counts as not given. */
const optionalText = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional();

const neededText = z.string().trim().min(1);
/** Taken as it is, blanks and all. */
const neededSecret = z.string().min(1);

const emptyIsAbsent = <S extends z.ZodType>(schema: S) => z.preprocess((value) => value || undefined, schema);

const wholeNumber = (lowest: number, highest: number, preset: number) =>
  z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number().int().min(lowest).max(highest).default(preset),
  );

/** An empty field is no limit. */
const optionalNumber = (lowest: number, highest: number) =>
  z.preprocess(
    (value) => (value === '' || value === null ? undefined : value),
    z.coerce.number().int().min(lowest).max(highest).optional(),
  );

const gateway = z
  .string()
  .trim()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address like https://api.intacct.com/ia/xml/xmlgw.phtml',
  )
  .refine((text) => URL.canParse(text) && new URL(text).username === '', 'must not hold a user name')
  .refine((text) => !/^http:\/\/([^/]*\.)?intacct\.com\b/i.test(text), 'must begin with https://');

export const callsSchema = {
  calls_per_month: optionalNumber(1, 100_000_000),
  calls_per_day: optionalNumber(1, 100_000_000),
};

/** What a person enters to connect one Intacct company: the licence's pair and the company's own sign-in. */
export const credentialsSchema = z.object({
  sender_id: neededText.meta({
    title: 'Sender ID',
    description: 'Of the Web Services licence. The company must have authorised it; see docs/connections.md.',
    problems: ['authorisation'],
  }),
  sender_password: neededSecret.meta({
    title: 'Sender password',
    description: 'Of the Web Services licence, not of the user.',
    secret: true,
  }),
  company_id: neededText.meta({
    title: 'Company ID',
    description: 'As on the sign-in page of Intacct.',
  }),
  user_id: neededText.meta({
    title: 'User ID',
    description: 'A Web Services user of its own, whose role may read what is to be shown.',
    problems: ['rights'],
  }),
  password: neededSecret.meta({ title: 'Password', description: 'Of that user.', secret: true, problems: ['login'] }),
  entity: optionalText.meta({
    title: 'Entity',
    description: 'The location ID of the one entity to read; empty for the top level.',
  }),
  private_entities: emptyIsAbsent(z.enum(['left_out', 'read']).default('left_out')).meta({
    title: 'Private entities',
    description: 'Whether the top level also reads what belongs to private entities.',
    titles: { left_out: 'Leave out what belongs to private entities', read: 'Read private entities too' },
  }),
  gateway: emptyIsAbsent(gateway.default('https://api.intacct.com/ia/xml/xmlgw.phtml')).meta({
    title: 'Gateway address',
    description: 'Where sign-ins go; empty for the usual https://api.intacct.com/ia/xml/xmlgw.phtml',
    problems: ['address', 'certificate'],
  }),
  page_size: wholeNumber(2, 1000, 100).meta({
    title: 'Page size',
    description: 'Documents per request, 2 to 1000; Intacct bills each page as one transaction.',
  }),
  read_from_days: wholeNumber(0, 3650, 30).meta({
    title: 'First read',
    description: 'How many days back the first read starts; documents last changed before are not read.',
  }),
  stuck_days: wholeNumber(1, 90, 3).meta({
    title: 'Stuck after',
    description: 'Journals and payments that wait for longer than so many days are told of as stuck.',
  }),
  close_after_days: optionalNumber(0, 45).meta({
    title: 'Months close after',
    description: 'So many days after its end. Empty: what is posted into closed months is not told.',
  }),
  bill_decisions: emptyIsAbsent(z.enum(['off', 'on']).default('off')).meta({
    title: 'Decisions on bills',
    description: 'Approves and declines bills by functions that the schema has but no documentation; try it out first.',
    titles: { off: 'Off: bills are decided in Intacct', on: 'On: by functions without documentation' },
  }),
  calls_per_month: callsSchema.calls_per_month.meta({
    title: 'Transactions a month',
    description: 'What the app may use of the transactions that the licence includes. Empty: no limit.',
  }),
  calls_per_day: callsSchema.calls_per_day.meta({
    title: 'Transactions a day',
    description: 'What the app may use in one day. Empty: no limit.',
  }),
  parallel_requests: wholeNumber(1, 20, 2).meta({
    title: 'Requests at once',
    description: 'What the app may use of the requests at once that the licence allows; 2 unless given.',
  }),
});

export type IntacctCredentials = z.output<typeof credentialsSchema>;
