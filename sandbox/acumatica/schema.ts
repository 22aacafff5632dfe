import { customTypes } from './record-text.ts';
import type { Field, FieldType, RecordType } from './record-type.ts';
import type { Settings } from './settings.ts';

const kinds: Record<FieldType, string> = {
  string: 'StringValue',
  decimal: 'DecimalValue',
  datetime: 'DateTimeValue',
  boolean: 'BooleanValue',
  int: 'IntValue',
};
const reason = { custom: { ReasonApproveRejectParams: { Reason: { type: 'CustomStringField' } } } };

export interface FormSchema {
  custom: Record<string, unknown>;
  _workflowActions: Record<string, { parameters: unknown }>[];
}

/** `$adHocSchema` of a form: the fields outside the contract, and the actions of the site's workflow. */
export function formSchema(
  { view, outside = [] }: { view: string; outside?: readonly Pick<Field<never>, 'name' | 'type'>[] },
  { actionNames: names, hiddenFields }: Pick<Settings, 'actionNames' | 'hiddenFields'>,
): FormSchema & Record<string, unknown> {
  const text = { type: 'CustomStringField' };
  const ofView = outside.filter(({ name }) => name.startsWith(`${view}.`) && !hiddenFields.includes(name));
  const more = ofView.map(({ name, type }) => [name.slice(view.length + 1), { type: customTypes[type] }]);
  return {
    id: '00000000-0000-0000-0000-000000000000',
    rowNumber: 0,
    note: { value: '' },
    custom: {
      [view]: { CreatedByID: text, LastModifiedByID: text, ...Object.fromEntries(more) },
      ReasonApproveRejectParams: { Reason: text },
    },
    _workflowActions: [
      { [names.approve]: { parameters: reason } },
      { [names.reject]: { parameters: reason } },
      { [names.hold]: { parameters: {} } },
      { [names.releaseFromHold]: { parameters: {} } },
    ],
  };
}

/** A small but true `swagger.json` in the form of 24.200. */
export function swagger(
  version: string,
  base: string,
  types: readonly Pick<RecordType<never>, 'name' | 'fields' | 'details'>[],
  declared: readonly { entity: string; actions: readonly string[] }[],
) {
  const ok = { responses: { 200: { description: 'OK' } } };
  const done = { responses: { 202: { description: 'Accepted' }, 204: { description: 'No Content' } } };
  const paths = types.flatMap(({ name }) => [
    [`/${name}`, { get: { operationId: `${name}_GetList`, ...ok }, put: { operationId: `${name}_PutEntity`, ...ok } }],
    [`/${name}/{ids}`, { get: { operationId: `${name}_GetByKeys`, ...ok } }],
    [`/${name}/$adHocSchema`, { get: { operationId: `${name}_GetAdHocSchema`, ...ok } }],
  ]);
  const actions = declared.flatMap(({ entity, actions }) =>
    actions.map((name) => [`/${entity}/${name}`, { post: { operationId: `${entity}_${name}`, ...done } }]),
  );
  const schemas = types.map(({ name, fields, details }) => {
    const values = fields.map((known) => [known.name, { $ref: `#/components/schemas/${kinds[known.type]}` }]);
    const lists = Object.keys(details).map((detail) => [detail, { type: 'array', items: { type: 'object' } }]);
    return [name, { type: 'object', properties: Object.fromEntries([...values, ...lists]) }];
  });
  return {
    openapi: '3.0.1',
    info: { title: `Default/${version}`, version: '1' },
    servers: [{ url: base }],
    paths: Object.fromEntries([...paths, ...actions]),
    components: { schemas: Object.fromEntries(schemas) },
  };
}
