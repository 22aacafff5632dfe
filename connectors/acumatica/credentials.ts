import { z } from 'zod';

/** An empty form field counts as not given. */
const optionalText = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional();

/** How a connection gets in; see docs/connections.md. */
export const signIns = ['password', 'consent', 'cookie'] as const;

/** Where archived documents are shown; see docs/connections.md. */
export const archiveChoices = ['looked_up', 'read'] as const;

/** Taken as it is, blanks and all. */
const secretText = z
  .string()
  .transform((text) => text || undefined)
  .optional();

/** What people copy from the browser ends in a page; the site is what comes before it. */
function siteAddress(text: string): string {
  const url = new URL(text);
  const path = url.pathname.replace(
    /\/(\(W\(\d+\)\)|Main|Frames|entity|identity|Pages|Default\.aspx)(\/.*|\.aspx.*)?$/i,
    '',
  );
  return `${url.origin}${path.replace(/\/+$/, '')}`;
}

const site = z
  .string()
  .trim()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an address like https://erp.example.com/AcumaticaERP',
  )
  .refine((text) => URL.canParse(text) && new URL(text).username === '', 'must not hold a user name')
  .transform(siteAddress);

/** An empty field is no limit. */
const optionalNumber = (lowest: number, highest: number) =>
  z.preprocess(
    (value) => (value === '' || value === null ? undefined : value),
    z.coerce.number().int().min(lowest).max(highest).optional(),
  );

const wholeNumber = (lowest: number, highest: number, preset: number) =>
  z.preprocess(
    (value) => (value === '' ? undefined : value),
    z.coerce.number().int().min(lowest).max(highest).default(preset),
  );

function isOfTenant(clientId: string | undefined, tenant: string): boolean {
  const suffix = clientId?.split('@')[1];
  return suffix === undefined || suffix.toLowerCase() === tenant.toLowerCase();
}

const emptyIsAbsent = <S extends z.ZodType>(schema: S) => z.preprocess((value) => value || undefined, schema);

const fields = z.object({
  site: site.meta({
    title: 'Site address',
    description: 'As in the browser, with the sub-folder where there is one: https://erp.example.com/AcumaticaERP',
    problems: ['address', 'certificate'],
  }),
  tenant: z.string().trim().min(1).meta({
    title: 'Tenant',
    description: 'The login name of the tenant (company), as on the sign-in page.',
  }),
  sign_in: emptyIsAbsent(z.enum(signIns).default('password')).meta({
    title: 'Sign-in',
    description: 'How the app gets in. Each way needs other fields below; docs/connections.md says which.',
    titles: {
      password: 'Password: a user and a connected application',
      consent: 'Consent: somebody presses Connect',
      cookie: 'Cookie: a user only',
    },
  }),
  client_id: optionalText.meta({
    title: 'Client ID',
    description:
      'From Connected Applications (SM303010), ends in @tenant. Flow Resource Owner Password Credentials, or Authorization Code for consent.',
  }),
  client_secret: secretText.meta({
    title: 'Client secret',
    description: 'Of the same connected application.',
    secret: true,
    problems: ['client_id'],
  }),
  username: optionalText.meta({
    title: 'User name',
    description: 'The ERP user that reads, and acts where nobody does so as themselves. Not needed for consent.',
    problems: ['rights'],
  }),
  password: secretText.meta({ title: 'Password', description: 'Of that user.', secret: true, problems: ['login'] }),
  account_client_id: optionalText.meta({
    title: 'Client ID for people’s own accounts',
    description: 'Of a connected application with the flow Authorization Code; empty where nobody links an account.',
  }),
  account_client_secret: secretText.meta({
    title: 'Client secret for people’s own accounts',
    description: 'Of that connected application.',
    secret: true,
  }),
  endpoint: emptyIsAbsent(
    z
      .string()
      .trim()
      .regex(/^[\w-]+$/)
      .default('Default'),
  ).meta({
    title: 'Endpoint',
    description: 'The contract-based endpoint, usually Default.',
  }),
  version: optionalText
    .pipe(
      z
        .string()
        .regex(/^[\w.-]+$/)
        .optional(),
    )
    .meta({
      title: 'Endpoint version',
      description: 'Like 24.200.001; empty for the newest that the site offers.',
    }),
  branch: optionalText.meta({
    title: 'Branch',
    description: 'The branch to sign in to; empty for the default of the user.',
  }),
  page_size: wholeNumber(2, 2000, 200).meta({ title: 'Page size', description: 'Documents per request, 2 to 2000.' }),
  read_from_days: wholeNumber(0, 3650, 30).meta({
    title: 'First read',
    description: 'How many days back the first read starts; documents last changed before are not read.',
  }),
  archived: emptyIsAbsent(z.enum(archiveChoices).default('looked_up')).meta({
    title: 'Archived documents',
    description: 'Documents that Acumatica moved to its archive. Nothing can be decided on them.',
    titles: {
      looked_up: 'Shown where one is looked up again',
      read: 'Shown, and read like all others',
    },
  }),
  approvals_inquiry: optionalText
    .pipe(
      z
        .string()
        .max(100)
        .regex(/^[\w .-]+$/)
        .optional(),
    )
    .meta({
      title: 'Inquiry over approvals',
      description:
        'The name of the generic inquiry that tells whose approval a document waits for; docs/acumatica-approvals.md says how to add it. Empty: cards cannot say who is next.',
    }),
  requests_per_minute: optionalNumber(2, 100_000).meta({
    title: 'Requests a minute',
    description:
      'What the app may use of the licence (SM604000), which all integrations share; from half of it on it slows down. Empty: no limit.',
  }),
  parallel_requests: wholeNumber(1, 100, 3).meta({
    title: 'Requests at once',
    description: 'What the app may use of the licence’s concurrent requests; 3 unless given.',
  }),
});

export type AcumaticaCredentials = z.output<typeof fields>;
type Field = keyof AcumaticaCredentials;

const neededFor: Record<(typeof signIns)[number], Field[]> = {
  password: ['client_id', 'client_secret', 'username', 'password'],
  consent: ['client_id', 'client_secret'],
  cookie: ['username', 'password'],
};

/** What a person enters to connect one company of an Acumatica site; each sign-in needs other fields. */
export const credentialsSchema = fields.superRefine((given, context) => {
  const refuse = (field: Field, message: string) => context.addIssue({ code: 'custom', path: [field], message });
  for (const field of neededFor[given.sign_in])
    if (given[field] === undefined) refuse(field, `is needed for the sign-in by ${given.sign_in}`);
  if (given.approvals_inquiry !== undefined && given.sign_in === 'cookie')
    refuse('approvals_inquiry', 'is read by OData, which does not take the sign-in by cookie');
  for (const field of ['client_id', 'account_client_id'] as const)
    if (!isOfTenant(given[field], given.tenant))
      refuse(field, 'belongs to another tenant: the part after @ is the tenant it signs in to');
  if (!isOfTenant(given.client_id, given.tenant))
    refuse('tenant', 'is not the tenant that the client ID names after @');
  if ((given.account_client_id === undefined) !== (given.account_client_secret === undefined))
    refuse(
      given.account_client_id === undefined ? 'account_client_id' : 'account_client_secret',
      'is needed too: client ID and client secret belong together',
    );
});
