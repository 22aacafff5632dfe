import type { Body } from './body-field.ts';
import type { DocumentRecord } from './document.ts';
import { ErpError, noEntity } from './erp-error.ts';
import { compileFilter, type Test } from './filter/compile.ts';
import { checkPreconditions, type PutOptions, putTarget, updateDocument } from './put.ts';
import { listText, shapeOf } from './query.ts';
import { recordText } from './record-text.ts';
import type { RecordType } from './record-type.ts';
import type { RecordEvent, Records } from './records.ts';
import { type FormSchema, formSchema } from './schema.ts';
import type { Settings } from './settings.ts';
import { type DocumentView, type ScreenAddress, type Shown, viewDocument } from './view.ts';
import type { Actor, Workflow, WorkflowAction } from './workflow.ts';

/** What tells one form and its entity from the others. */
export interface FormSpec<R extends DocumentRecord, View extends DocumentView> {
  /** Where its documents are in the admin interface, and what people call them. */
  collection: string;
  title: string;
  /** Made anew for each answer, since lines may have ids of their own in each. */
  type(): RecordType<R>;
  keys: { type: string; reference: string; usualType: string };
  address: ScreenAddress;
  statuses: readonly string[];
  types: readonly string[];
  /** Actions that the endpoint declares itself, by name. */
  declared: Readonly<Record<string, WorkflowAction>>;
  shown(document: R): Shown;
  /** What its view has besides what all views have. */
  own(document: R): Omit<View, keyof DocumentView>;
  /** Adds one as it would come in, with these fields instead of its own, and tells of it. Throws ZodError, RangeError. */
  add(fields: unknown): R;
  edit(document: R, changes: unknown): void;
  /** Where an integration may enter and change more than what every form lets it. */
  put?(body: Body, options: PutOptions<R>): R;
}

/** One form of the site with its entity, as the routers, pages and tests see it. */
export interface Form<R extends DocumentRecord = DocumentRecord, View extends DocumentView = DocumentView> {
  readonly collection: string;
  readonly title: string;
  readonly entity: string;
  readonly screen: string;
  readonly statuses: readonly string[];
  readonly types: readonly string[];
  readonly usualType: string;
  readonly address: ScreenAddress;
  readonly declared: Readonly<Record<string, WorkflowAction>>;
  readonly size: number;
  all(): readonly R[];
  find(type: string, ref: string): R | undefined;
  byId(id: string): R | undefined;
  /** By id or by keys, as an API user sees it, with archived ones where asked. Throws ErpError. */
  at(keys: readonly string[], showArchived?: boolean): R;
  /** The document that an action's body names. Throws ErpError. */
  named(id: string | null, key: (name: string) => string | null): R;
  listText(query: URLSearchParams, linkBase: string | null, showArchived?: boolean): string;
  text(document: R, query: URLSearchParams, linkBase: string | null): string;
  schema(): FormSchema;
  describe(): Pick<RecordType<never>, 'name' | 'fields' | 'details'>;
  put(body: Body, filter: string | null, options: Omit<PutOptions<R>, 'byFilter'>): R;
  check(document: R, action: WorkflowAction): void;
  act(document: R, action: WorkflowAction, actor: Actor, reason: string | null): void;
  view(document: R): View;
  add(fields: unknown): R;
  edit(document: R, changes: unknown): void;
  remove(document: R): void;
  onChange(listener: (event: RecordEvent<R>) => void): () => void;
}

export interface FormDeps<R extends DocumentRecord> {
  records: Records<R>;
  workflow: Workflow<R>;
  settings: Settings;
  /** The site's own path. */
  path: string;
}

/** Makes a form of what tells it from the others. */
export function createForm<R extends DocumentRecord, View extends DocumentView>(
  spec: FormSpec<R, View>,
  { records, workflow, settings, path }: FormDeps<R>,
): Form<R, View> {
  const { name, screen, view: mainView } = spec.type();
  /** Who made and changed a document are fields outside the contract, too. */
  const customs = () => ({
    [`${mainView}.CreatedByID`]: 'string' as const,
    [`${mainView}.LastModifiedByID`]: 'string' as const,
    ...settings.customFields[name],
    ...Object.fromEntries(
      (spec.type().outside ?? [])
        .filter((field) => !settings.hiddenFields.includes(field.name))
        .map((field) => [field.name, field.type]),
    ),
  });
  const typeNow = (): RecordType<R> => ({
    ...spec.type(),
    customs: { known: customs(), unknown: settings.unknownCustomField },
  });
  const visible = (document: R, showArchived: boolean) =>
    !settings.hiddenBranches.includes(document.branch) && (showArchived || document.extras?.archived !== true);

  function seen(document: R | undefined, showArchived = false): R {
    if (!document || !visible(document, showArchived)) throw noEntity(settings.missingRecordStatus);
    return document;
  }

  function put(body: Body, options: PutOptions<R>): R {
    const found = putTarget({ records, settings }, spec.keys, body, options.byFilter);
    checkPreconditions(found, options);
    // Entering such documents from outside is not part of the simulation.
    if (!found) throw new ErpError(501, { message: `The sandbox enters no ${name} through the API.` });
    updateDocument({ records, workflow }, found, body, options.by);
    return found;
  }

  return {
    collection: spec.collection,
    title: spec.title,
    entity: name,
    screen,
    statuses: spec.statuses,
    types: spec.types,
    usualType: spec.keys.usualType,
    address: spec.address,
    declared: spec.declared,
    get size() {
      return records.size;
    },
    all: () => records.inOrder('insertion'),
    find: (type, ref) => records.byKey(type, ref),
    byId: (id) => records.byId(id),
    at([first = '', second], showArchived) {
      return seen(second === undefined ? records.byId(first) : records.byKey(first, second), showArchived);
    },
    named(id, key) {
      const [type, ref] = [key(spec.keys.type), key(spec.keys.reference)];
      return seen(id ? records.byId(id) : type && ref ? records.byKey(type, ref) : undefined);
    },
    listText(query, linkBase, showArchived = false) {
      const rows = records.inOrder(settings.order).filter((document) => visible(document, showArchived));
      return listText(rows, typeNow(), query, settings, linkBase);
    },
    text(document, query, linkBase) {
      const type = typeNow();
      return recordText(document, type, shapeOf(query, type, linkBase), 1);
    },
    schema: () => formSchema(customs(), settings),
    describe: () => spec.type(),
    put(body, filter, options) {
      const byFilter: Test<R> | null = filter ? compileFilter(filter, spec.type(), settings.otherViewFields) : null;
      return (spec.put ?? put)(body, { ...options, byFilter });
    },
    check: (document, action) => workflow.check(document, action),
    act: (document, action, actor, reason) => workflow.act(document, action, actor, reason),
    view: (document) =>
      ({
        ...viewDocument(document, spec.shown(document), { path, tenant: settings.tenant }, spec.address),
        ...spec.own(document),
      }) as View,
    add: (fields) => spec.add(fields),
    edit: (document, changes) => spec.edit(document, changes),
    remove: (document) => records.remove(document),
    onChange: (listener) => records.onChange(listener),
  };
}
