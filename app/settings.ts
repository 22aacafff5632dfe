import { existsSync } from 'node:fs';
import { z } from 'zod';
import { defaultLocale, knownLocale } from './domain/locale.ts';
import { KeyringError, parseKeys } from './storage/keyring.ts';

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Lowercase<Head>}${Capitalize<CamelCase<Tail>>}`
  : Lowercase<S>;
type CamelCased<T> = { [K in keyof T & string as CamelCase<K>]: T[K] };

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const list = (text: string) =>
  text
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean);

const required = (shortest: number) =>
  z.string({ error: 'is missing' }).min(shortest, { error: `is too short: at least ${shortest} characters` });
const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d+$/, { error: 'must be a whole number' })
    .transform(Number)
    .refine((value) => value >= from && value <= to, { error: `must be from ${from} to ${to}` });
const webAddress = () => z.url({ protocol: /^https?$/, error: 'must be a full http or https address' });

const storageShape = {
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/./, { error: 'must start with postgres://' })
    .optional(),
  DATA_DIR: z.string().default('./data'),
  ENCRYPTION_KEYS: z.string({ error: 'is missing' }).superRefine((spec, context) => {
    try {
      parseKeys(spec);
    } catch (error) {
      if (!(error instanceof KeyringError)) throw error;
      context.addIssue({ code: 'custom', message: `is wrong: ${error.message}` });
    }
  }),
  ERP_ALLOW_HTTP: z.string().default('').transform(list),
  ERP_PROXY_URL: webAddress().optional(),
  ERP_CA_FILE: z
    .string()
    .refine((path) => existsSync(path), { error: 'names a file that is not there' })
    .optional(),
};

const publicUrl = z
  .url({
    protocol: /^https?$/,
    error: (issue) => (issue.input === undefined ? 'is missing' : 'must be a full address'),
    abort: true,
  })
  .refine((url) => url.startsWith('https:') || loopback.test(new URL(url).hostname), {
    error: 'must start with https:// (http is for this machine only)',
  })
  .transform((url) => url.replace(/\/+$/, ''));

const shape = {
  SLACK_CLIENT_ID: required(1),
  SLACK_CLIENT_SECRET: required(8),
  SLACK_SIGNING_SECRET: required(16),
  SLACK_STATE_SECRET: required(16),
  SLACK_API_URL: webAddress()
    .default('https://slack.com/api/')
    .transform((url) => (url.endsWith('/') ? url : `${url}/`)),
  SLACK_AUTHORIZE_URL: webAddress().default('https://slack.com/oauth/v2/authorize'),
  SLASH_COMMAND: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, { error: 'must be a slash and up to 31 small letters, digits, - or _' })
    .default('/erp'),
  SLACK_APP_TOKEN: z
    .string()
    .regex(/^xapp-/, { error: 'must start with xapp-: it is the app-level token, not the bot’s' })
    .optional(),
  CARD_LOCALE: z
    .string()
    .default(defaultLocale)
    .transform((tag, context) => {
      const locale = knownLocale(tag);
      if (locale) return locale;
      context.addIssue({ code: 'custom', message: 'must be a language with its country, like en-GB or de-DE' });
      return z.NEVER;
    }),
  PUBLIC_URL: publicUrl.optional(),
  PORT: wholeNumber(0, 65_535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  LOG_LEVEL: z
    .enum(['error', 'warn', 'info', 'debug'], { error: 'must be error, warn, info or debug' })
    .default('info'),
  LOG_FORMAT: z.enum(['auto', 'json', 'text'], { error: 'must be auto, json or text' }).default('auto'),
  POSTS_PER_MINUTE: wholeNumber(1, 100_000).default(300),
  UPDATES_PER_MINUTE: wholeNumber(1, 100_000).default(50),
  LEASE_SECONDS: wholeNumber(3, 300).default(15),
  SWEEP_SECONDS: wholeNumber(2, 600).default(60),
  ERP_TIMEOUT_SECONDS: wholeNumber(1, 600).default(180),
  FILE_MEGABYTES: wholeNumber(1, 100).default(10),
  ...storageShape,
};

const storageSchema = z.object(storageShape);
const settingsSchema = z.object(shape);
/** Without sockets of its own, the app is reached at its public address only. */
const reachedSchema = settingsSchema.extend({ PUBLIC_URL: publicUrl });

/** What the command line needs: where the data is, the keys that open its secrets, the way out to the ERPs. */
export type StorageSettings = CamelCased<z.output<typeof storageSchema>>;
/** Every setting, checked, with its default. Names are those of `.env.example` in camel case. */
export type Settings = CamelCased<z.output<typeof settingsSchema>>;
/** The names of all settings, as they are written in the environment. */
export const settingNames = Object.keys(shape);

/** One plain line per wrong or missing setting; no line repeats a value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  readonly lines: string[];
  constructor(lines: string[]) {
    super(`The settings are not complete:\n${lines.map((line) => `  ${line}`).join('\n')}`);
    this.lines = lines;
  }
}

const camelCase = (name: string) => name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

function read<S extends z.ZodObject>(schema: S, env: NodeJS.ProcessEnv): CamelCased<z.output<S>> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = schema.safeParse(given);
  if (!parsed.success)
    throw new SettingsError(parsed.error.issues.map((issue) => `${String(issue.path[0])} ${issue.message}.`));
  const named = Object.entries(parsed.data).map(([name, value]) => [camelCase(name), value]);
  return Object.fromEntries(named) as CamelCased<z.output<S>>;
}

/** The settings of the app; throws SettingsError. An empty variable counts as not set. */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return read(env.SLACK_APP_TOKEN?.trim() ? settingsSchema : reachedSchema, env);
}

/** The part that the command line needs, so that it works without Slack's; throws SettingsError. */
export function readStorageSettings(env: NodeJS.ProcessEnv): StorageSettings {
  return read(storageSchema, env);
}

/** Loads `.env` of the working directory where there is one; what the environment already has wins. */
export function loadEnvFile(path = '.env'): void {
  if (existsSync(path)) process.loadEnvFile(path);
}
