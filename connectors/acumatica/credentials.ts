import { z } from 'zod';

/** An empty form field counts as not given. */
const optionalText = z
  .string()
  .trim()
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

function isOfTenant(clientId: string, tenant: string): boolean {
  const suffix = clientId.split('@')[1];
  return suffix === undefined || suffix.toLowerCase() === tenant.toLowerCase();
}

/** What a person enters to connect one company of an Acumatica site. */
export const credentialsSchema = z
  .object({
    site: site.meta({
      title: 'Site address',
      description: 'As in the browser, with the sub-folder where there is one: https://erp.example.com/AcumaticaERP',
      problems: ['address', 'certificate'],
    }),
    tenant: z.string().trim().min(1).meta({
      title: 'Tenant',
      description: 'The login name of the tenant (company), as on the sign-in page.',
    }),
    client_id: z.string().trim().min(1).meta({
      title: 'Client ID',
      description: 'From Connected Applications (SM303010), flow Resource Owner Password Credentials; ends in @tenant.',
    }),
    client_secret: z
      .string()
      .min(1)
      .meta({
        title: 'Client secret',
        description: 'Of the same connected application.',
        secret: true,
        problems: ['client_id'],
      }),
    username: z
      .string()
      .trim()
      .min(1)
      .meta({
        title: 'User name',
        description: 'The ERP user that reads and acts; it must be an approver of the documents that it is to approve.',
        problems: ['rights'],
      }),
    password: z
      .string()
      .min(1)
      .meta({ title: 'Password', description: 'Of that user.', secret: true, problems: ['login'] }),
    endpoint: z
      .preprocess(
        (value) => value || undefined,
        z
          .string()
          .trim()
          .regex(/^[\w-]+$/)
          .default('Default'),
      )
      .meta({
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
    requests_per_minute: optionalNumber(2, 100_000).meta({
      title: 'Requests a minute',
      description:
        'What the app may use of the licence (SM604000), which all integrations share; from half of it on it slows down. Empty: no limit.',
    }),
    parallel_requests: wholeNumber(1, 100, 3).meta({
      title: 'Requests at once',
      description: 'What the app may use of the licence’s concurrent requests; 3 unless given.',
    }),
  })
  .refine(({ client_id, tenant }) => isOfTenant(client_id, tenant), {
    path: ['client_id'],
    message: 'belongs to another tenant: the part after @ is the tenant it signs in to',
  })
  .refine(({ client_id, tenant }) => isOfTenant(client_id, tenant), {
    path: ['tenant'],
    message: 'is not the tenant that the client ID names after @',
  });

export type AcumaticaCredentials = z.output<typeof credentialsSchema>;

/** The connected application belongs to one tenant, named in its id; an id without it gets the tenant's. */
export function fullClientId({ client_id: clientId, tenant }: AcumaticaCredentials): string {
  return clientId.includes('@') ? clientId : `${clientId}@${tenant}`;
}
