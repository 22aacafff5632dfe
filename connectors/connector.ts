import type { z } from 'zod';
import type { CustomFieldOffered } from '../app/domain/custom.ts';
import type { ActionName, DocumentKind, ErpDocument, Money } from '../app/domain/document.ts';
import type { ErpParty } from '../app/domain/party.ts';
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
  /**
   * On the last page of a reading that told all there is of these types (`ErpDocument.type`): the keys of those that are
   * open now. What is known as open of these types and is not among them is looked at by its key.
   */
  whole?: { types: readonly string[]; keys: readonly string[] };
  /** Custom fields that were asked for and that the ERP does not have (any more): it was read without them. */
  unknownFields?: string[];
  /** What is odd about what was read, in words for whoever set the connection up. */
  notice?: string;
  /** Keys of documents that the ERP says were deleted; each is looked at before that is believed. */
  gone?: string[];
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

/** A document in one line, as an ERP's list has it: enough to tell whether what is stored of it is still right. */
export interface ControlRow {
  /** The three of `ErpDocument`. */
  key: string;
  type: string;
  reference: string;
  /** What `ErpDocument` calls so; null where the list does not tell them, and then only that there is such a document. */
  values: { status: string; amount: Money | null; branch: string | null } | null;
  /** ISO instant in UTC; null where the ERP keeps none. */
  modifiedAt: string | null;
}

/** Counts what an ERP bills by the call. */
export interface Meter {
  /**
   * Called before `calls` billed calls are sent together. Throws RetryableError where the administrator's budget does not
   * allow them; then none is sent. What a decision needs goes through to its end once its first call did.
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
  /** The custom fields that documents of a kind are to carry, by the ERP's names; asked for anew at each reading. */
  customFields?: (kind: DocumentKind) => readonly string[];
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
  /** The same for several at once, by key, of kinds where that is cheaper than one by one; what is gone is left out. */
  getMany?: Partial<
    Record<DocumentKind, (keys: readonly string[], signal: AbortSignal) => Promise<Map<string, ErpDocument>>>
  >;
  /**
   * Every document of the kind that was changed since `since` (an ISO instant on the ERP's clock) or that a first reading
   * would bring, whichever is more, in few and slim requests; what `get` finds is there. Absent where the ERP gives no
   * such list. A document may come twice; one that is changed meanwhile comes, in either state.
   */
  control?(kind: DocumentKind, since: string | null, signal: AbortSignal): AsyncGenerator<ControlRow[]>;
  /**
   * Carries out one action and reads back. Throws UnclearError when it may or may not have happened.
   * Called once per intent: whoever calls has stored that it is about to. With `as`, the state of a person's own account
   * (see `Consent` and `TypedLogin`), it is that person who acts; reading stays with the connection. Where the ERP takes that account no
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
   * The vendors with their payment data, in pages and each once: those changed since an instant (ms since the epoch), or
   * all of them (null). An ERP that cannot tell which changed gives all each time.
   */
  parties?(since: number | null, signal: AbortSignal): AsyncGenerator<ErpParty[]>;
  /** One of them as it is now, by its code; null where there is none. */
  party?(code: string, signal: AbortSignal): Promise<ErpParty | null>;
  /** The custom fields that the ERP's form for a kind has now; null where it does not tell. */
  customFields?(kind: DocumentKind, signal: AbortSignal): Promise<CustomFieldOffered[] | null>;
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

export interface LoginCheck<C> {
  credentials: C;
  http: ErpHttp;
  /** Of the person's account: what they typed is its `login`, and the session that this opens may stay there. */
  state: SharedState;
  /** Milliseconds since the epoch. */
  now(): number;
  meter?: Meter;
  signal: AbortSignal;
}

/** How people link accounts of their own by what they sign in with themselves, where the ERP has no page to consent on. */
export interface TypedLogin<C> {
  /**
   * What they type, with `.meta` as the credentials have it. Its output is kept encrypted in the state of their account, as
   * `login`, and nowhere else.
   */
  fields: z.ZodObject;
  /**
   * Signs in as this person and says who it is, as the ERP writes them. Throws ReconnectError with the `field` of what is
   * wrong, RetryableError where the ERP does not answer.
   */
  check(request: LoginCheck<C>): Promise<{ user: string }>;
}

/** One notice that an ERP sent by itself. It is no record: what it names is read from the ERP. */
export interface PushNotice {
  /** The company it comes from, as the ERP calls it; null where it does not say. */
  company: string | null;
  /** The ERP's own order of its notices, a whole number in decimal digits; null where it gives none. */
  stamp: string | null;
  /** Keys of documents that are only reported as gone: deleted, or no longer among those that are told of. */
  gone: string[];
  /** Kinds that may have changed with it besides the one that the address names; those that are not read do not matter. */
  kinds?: readonly string[];
  /** What the ERP's delivery is known by, the same in each try; without it a notice is known by its text. */
  id?: string;
}

/** The headers of a request, their names in small letters, as node gives them. */
export type PushHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** How what arrives proves that it is the ERP's. */
export type PushProof =
  /** The secret itself stands in this header. */
  | { header: string }
  | {
      /**
       * Whether the request is signed with the secret. Takes as long for a wrong signature as for another; `body` as it
       * arrived, `now` in milliseconds since the epoch.
       */
      verify(request: { headers: PushHeaders; body: Uint8Array; now: number }, secret: string): boolean;
    };

/** How an ERP is told to push, and how what it sends is read. */
export type Push = PushProof & {
  /** Who makes the secret: this app, to be typed into the ERP, or the ERP, to be typed into this app. */
  secretFrom: 'app' | 'erp';
  /** What the ERP's form calls the secret, in small letters: "header value". */
  secretIs: string;
  /** What a person types into the ERP's own form, in its order and words; `secret` only where this app makes it. */
  guide(values: { address: string; secret: string; kind: DocumentKind }): Array<{ label: string; value: string }>;
  /** Throws PermanentError for anything that is no such notice. */
  parse(body: string, kind: DocumentKind, headers: PushHeaders): PushNotice;
  /** Whether the company of a notice is the one that these credentials read. */
  isOfCompany(company: string, settings: Record<string, unknown>): boolean;
};

export interface Feed {
  title: string;
  /** Default cadence, a cron expression with optional seconds; of summaries, also a schedule by the days of a close. */
  cadence: string;
  /** The ERP's own words for the states and types of such a document, as far as they are fixed: what a route can ask for. */
  statuses?: readonly string[];
  types?: readonly string[];
  /** What can be decided about such a document; every action unless given. */
  actions?: readonly ActionName[];
  /** Approving such a document and releasing it are two acts there: one that was released unapproved went past its approval. */
  releasedApart?: true;
  /** Whether a decision about such a document is never carried out by the connection's own account: only by the person's. */
  actsOnlyAsPerson?: boolean;
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
   * Where a person opens a document, by the settings as they are now: of what was read under an older address or company
   * name too. Null where it cannot be told.
   */
  linkOf?: (settings: Readonly<Record<string, unknown>>, document: ErpDocument) => string | null;
  /** Documents can carry fields that the ERP's customers added. */
  hasCustomFields?: boolean;
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
  /** Where people link their own account by typing what they sign in with. */
  typedLogin?: TypedLogin<z.output<S>>;
}

/** Keeps the credential type while declaring a connector. */
export function defineConnector<S extends z.ZodObject>(connector: Connector<S>): Connector<S> {
  return connector;
}
