import type { z } from 'zod';
import type { ActionName, DocumentKind, ErpDocument } from '../app/domain/document.ts';
import type { ReportingPeriod } from '../app/domain/periods.ts';
import type { ErpPerson } from '../app/domain/person.ts';
import type { Postings } from '../app/domain/summary.ts';
import type { ErpHttp } from '../app/outbound/http.ts';
import type { Limits } from '../app/outbound/pace.ts';

/** A cursor is flat so that it can be stored, shown and compared; only its connector understands it. */
export type Cursor = Record<string, string | number>;

/** One page of documents and the cursor that says "everything up to here is stored". */
export interface Page {
  documents: ErpDocument[];
  cursor: Cursor;
}

/**
 * State of the connection that outlives a process and is shared by all of them (tokens, discovered site profile),
 * encrypted at rest. `change` runs `next` while no other process can, so that a rotating refresh token is used once.
 */
export interface SharedState {
  read(): Promise<Record<string, unknown> | null>;
  change(
    next: (current: Record<string, unknown> | null) => Promise<Record<string, unknown> | null>,
  ): Promise<Record<string, unknown> | null>;
}

/** How many billed calls an administrator allows a connection; null where there is no limit. */
export interface Budget {
  callsPerDay: number | null;
  /** Of a calendar month in the connection's time zone. */
  callsPerMonth: number | null;
}

/** Counts what an ERP bills by the call. */
export interface Meter {
  /**
   * Called before `calls` billed calls are sent together. Throws RetryableError where the administrator's budget does not
   * allow them; then none is sent.
   */
  spend(calls: number): Promise<void>;
}

export interface ConnectContext<C> {
  credentials: C;
  http: ErpHttp;
  state: SharedState;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Absent where nothing is to be counted. */
  meter?: Meter;
}

export interface ActRequest {
  document: ErpDocument;
  action: ActionName;
  reason: string | null;
}

/** What the ERP's state says after an action; a success code alone is not proof. */
export type ActOutcome =
  /** The state proves it; `document` is as read back. `complete` is false where more approvals are needed. */
  | { result: 'done'; complete: boolean; document: ErpDocument }
  /** The ERP said no, in its own words (cleaned), or took the call and did nothing. */
  | { result: 'refused'; message: string; document: ErpDocument | null };

/** How writing beside the document went: proven by reading back, or refused in words for people. */
export type WriteOutcome = { result: 'done' } | { result: 'refused'; message: string };

/** A file as it is to be kept with a document. */
export interface Attachment {
  /** Fit for an ERP and unique for the document: see `attachmentName`. */
  name: string;
  /** Its media type, as whoever uploaded it said. */
  type: string;
  content: Uint8Array;
}

/** A document that an address of the ERP's own pages names. */
export interface LinkedDocument {
  kind: DocumentKind;
  key: string;
  /** False where the address leaves open which company of the ERP it opens. */
  namesCompany: boolean;
}

/** One ERP company, opened with its credentials. Nothing here retries: the jobs do. Errors are those of `app/domain/errors.ts`. */
export interface ErpConnection {
  /** A cheap check that names what is wrong (ReconnectError.field) and says in one line what answered. */
  test(signal: AbortSignal): Promise<{ summary: string }>;
  /** Pages of what changed since `cursor` (null: from the start). Reading again from any yielded cursor loses nothing. */
  read(kind: DocumentKind, cursor: Cursor | null, signal: AbortSignal): AsyncGenerator<Page>;
  /** The document as the ERP has it now; null where it is gone. */
  get(kind: DocumentKind, key: string, signal: AbortSignal): Promise<ErpDocument | null>;
  /**
   * Carries out one action and reads back. Throws UnclearError when it may or may not have happened.
   * Called once per intent: whoever calls has stored that it is about to. With `as`, the state of a person's own account
   * (see `Consent`), it is that person who acts; reading stays with the connection. Where the ERP takes that account no
   * more, ReconnectError with the field `account`: nothing was done.
   */
  act(request: ActRequest, signal: AbortSignal, as?: SharedState): Promise<ActOutcome>;
  /**
   * After an unclear answer: does what is read now prove that `request` happened?
   * `no` means that it is safe to act again; `unknown` means that a person has to look.
   */
  settle(request: ActRequest, now: ErpDocument): 'yes' | 'no' | 'unknown';
  /**
   * Everybody that the ERP knows as working there or as a contact, in pages and each once; where the ERP tells of people
   * at all. Who does not come is not there any more, so it ends early only by throwing.
   */
  people?(signal: AbortSignal): AsyncGenerator<ErpPerson[]>;
  /**
   * What was posted with a date in a period, in as few requests as the ERP allows; of a connector with a feed of summaries.
   * Entries that are not posted do not count.
   */
  postings?(period: ReportingPeriod, signal: AbortSignal): Promise<Postings>;
  /** The company's reporting periods from about a year back on, of every length; where the ERP keeps such a calendar. */
  periods?(signal: AbortSignal): Promise<ReportingPeriod[]>;
  /** The text of the document's note, '' where there is none; null where the document is gone. */
  readNote?(document: ErpDocument, signal: AbortSignal): Promise<string | null>;
  /**
   * Adds `text` at the end of the document's note and reads back; what stands there stays. Throws UnclearError when it may
   * or may not stand there now: whoever calls reads the note before adding again.
   */
  addNote?(request: { document: ErpDocument; text: string }, signal: AbortSignal): Promise<WriteOutcome>;
  /** The names of the files that the document has; null where the document is gone. */
  attachments?(document: ErpDocument, signal: AbortSignal): Promise<string[] | null>;
  /** Keeps a file with the document and reads back; throws as `addNote` does. */
  attach?(request: { document: ErpDocument; file: Attachment }, signal: AbortSignal): Promise<WriteOutcome>;
  /** The document that an address opens, told without a request; null where it is none of this company's. */
  keyFromLink?(url: URL): LinkedDocument | null;
  /** Gives back what the ERP counts (sessions, seats). */
  close(): Promise<void>;
  /**
   * Ends a session that all processes share and gives back its seat; the next call signs in again. What a person
   * consented to stays. With `as`, the session of that person's own account.
   */
  signOut?(signal: AbortSignal, as?: SharedState): Promise<void>;
}

/** Whose sign-in is asked for on the ERP's own page: the connection's, or a person's own account. */
export type ConsentPurpose = 'connection' | 'account';

export interface ConsentRequest<C> {
  credentials: C;
  purpose: ConsentPurpose;
  redirectUri: string;
  state: string;
  /** Of the PKCE verifier, by S256. */
  challenge: string;
}

export interface ConsentAnswer<C> {
  credentials: C;
  purpose: ConsentPurpose;
  code: string;
  verifier: string;
  redirectUri: string;
  http: ErpHttp;
  /** Where the tokens are kept from now on. */
  state: SharedState;
  /** Milliseconds since the epoch. */
  now(): number;
  signal: AbortSignal;
}

/** How an ERP lets people consent on a page of its own: OAuth 2.0 authorization code with PKCE. */
export interface Consent<C> {
  /** Whether a connection signs in that way itself. `settings` are the credentials' fields that are not secret. */
  signsIn(settings: Readonly<Record<string, unknown>>): boolean;
  /** Whether people can link accounts of their own, to act as themselves. */
  linksAccounts(settings: Readonly<Record<string, unknown>>): boolean;
  /** The address of the ERP's consent page. */
  authorizeUrl(request: ConsentRequest<C>): string;
  /**
   * Trades the code for tokens and stores them in the state; says whose they are, where the ERP tells. Throws
   * PermanentError `code_refused`, ReconnectError where the ERP does not take this app, RetryableError where it does not answer.
   */
  exchange(answer: ConsentAnswer<C>): Promise<{ user: string | null }>;
}

/** One notice that an ERP sent by itself. It is no record: what it names is read from the ERP. */
export interface PushNotice {
  /** The company it comes from, as the ERP calls it; null where it does not say. */
  company: string | null;
  /** The ERP's own order of its notices, a whole number in decimal digits; null where it gives none. */
  stamp: string | null;
  /** Keys of documents that are only reported as gone: deleted, or no longer among those that are told of. */
  gone: string[];
}

/** How an ERP is told to push, and how what it sends is read. */
export interface Push {
  /** The name of the header that carries the secret. */
  header: string;
  /** What a person types into the ERP's own form, in its order and words. */
  guide(values: { address: string; secret: string; kind: DocumentKind }): Array<{ label: string; value: string }>;
  /** Throws PermanentError for anything that is no such notice. */
  parse(body: string, kind: DocumentKind): PushNotice;
  /** Whether the company of a notice is the one that these credentials read. */
  isOfCompany(company: string, settings: Record<string, unknown>): boolean;
}

export interface Feed {
  title: string;
  /** Default cadence, a cron expression with optional seconds; of summaries, also a schedule by the days of a close. */
  cadence: string;
  /** The ERP's own words for the states and types of such a document, as far as they are fixed: what a route can ask for. */
  statuses?: readonly string[];
  types?: readonly string[];
  /** What can be decided about such a document; every action unless given. */
  actions?: readonly ActionName[];
}

/** How an ERP is spoken to: one declarative object, no base class. */
export interface Connector<S extends z.ZodObject = z.ZodObject> {
  id: string;
  title: string;
  /**
   * Fields carry `.meta({ title, description, secret?, problems?, titles? })`: the form in Slack is built from it and the
   * `apply` file checked by it. `problems` are errors' `field`s that are shown at this one besides its own name (`login`
   * at the password); `titles` names the values of an enum. What hangs on several fields is a refinement with a path.
   */
  credentials: S;
  feeds: Partial<Record<DocumentKind, Feed>>;
  /** What the licence allows; the app keeps within it. */
  limits?: (credentials: z.output<S>) => Limits;
  /**
   * The administrator's budget, where the ERP bills by the call: then all of its calls are counted. `settings` are the
   * credentials' fields that are not secret, as they are stored.
   */
  budget?: (settings: Readonly<Record<string, unknown>>) => Budget;
  /** Where the ERP can push. */
  push?: Push;
  connect(context: ConnectContext<z.output<S>>): ErpConnection;
  /** Absent where the ERP knows no such page. */
  consent?: Consent<z.output<S>>;
}

/** Keeps the credential type while declaring a connector. */
export function defineConnector<S extends z.ZodObject>(connector: Connector<S>): Connector<S> {
  return connector;
}
