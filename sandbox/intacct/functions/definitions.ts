import { FunctionFailed } from '../errors.ts';
import type { Field, FieldType, ObjectType } from '../objects/object-type.ts';
import { textOf } from '../xml/read.ts';
import { element, leaf } from '../xml/write.ts';
import type { Call, GatewayFunction } from './call.ts';

const dataTypes: Record<FieldType, string> = {
  text: 'TEXT',
  integer: 'INTEGER',
  amount: 'CURRENCY',
  decimal: 'DECIMAL',
  date: 'DATE',
  stamp: 'TIMESTAMP',
  enum: 'ENUM',
};

/** Definitions are given to everybody, whatever the role may read. */
function typeOf({ reader, element: asked }: Call): ObjectType {
  const name = textOf(asked, 'object');
  const type = reader.catalog.get(name);
  if (type) return type;
  const description2 = `Object definition ${name ?? ''} not found`;
  throw new FunctionFailed([{ errorno: 'XL03000009', description2 }]);
}

function title(id: string): string {
  return id.charAt(0) + id.slice(1).toLowerCase().replaceAll('_', ' ');
}

function validValues(field: Field): string {
  const labels = [...new Set((field.values ?? []).map(({ label }) => label))];
  return labels.map((label) => leaf('VALIDVALUE', label)).join('');
}

function fieldXml(field: Field): string {
  return element(
    'Field',
    leaf('ID', field.id) +
      leaf('LABEL', title(field.id)) +
      leaf('DESCRIPTION', title(field.id)) +
      leaf('REQUIRED', 'false') +
      leaf('READONLY', String(field.id === 'RECORDNO' || field.read !== undefined)) +
      leaf('DATATYPE', dataTypes[field.type]) +
      leaf('ISCUSTOM', 'false') +
      (field.type === 'enum' ? element('VALIDVALUES', validValues(field)) : ''),
  );
}

/** `lookup`: fields with their allowed labels, and where joins lead. */
export const lookup: GatewayFunction = {
  object: (asked) => textOf(asked, 'object')?.toUpperCase(),
  run(call) {
    const type = typeOf(call);
    const relationships = Object.entries(type.joins ?? {}).map(([path, { object }]) =>
      element(
        'Relationship',
        leaf('OBJECTPATH', path) +
          leaf('OBJECTNAME', object) +
          leaf('LABEL', title(object)) +
          leaf('RELATIONSHIPTYPE', 'MANY2ONE') +
          leaf('RELATEDBY', ''),
      ),
    );
    const content =
      element('Fields', type.fields.map(fieldXml).join('')) + element('Relationships', relationships.join(''));
    return { data: element('data', element('Type', content, { Name: type.name, DocumentType: '' })) };
  },
};

/** `inspect`: the names of the fields, with `detail="1"` more of each; `*` lists the objects. */
export const inspect: GatewayFunction = {
  object: (asked) => textOf(asked, 'object')?.toUpperCase(),
  run(call) {
    const { reader, element: asked } = call;
    if (textOf(asked, 'object') === '*') {
      const names = reader.catalog.names();
      const types = names.map((name) => element('type', name, { typename: title(name) }));
      return { data: element('data', types.join(''), { listtype: 'All', count: names.length }) };
    }
    const type = typeOf(call);
    const detailed = asked.attributes.detail === '1';
    const fields = type.fields.map((field) =>
      detailed
        ? element(
            'Field',
            leaf('Name', field.id) +
              leaf('externalDataName', dataTypes[field.type].toLowerCase()) +
              leaf('isRequired', 'false') +
              leaf('isReadOnly', String(field.read !== undefined)) +
              leaf('DisplayLabel', title(field.id)),
          )
        : leaf('Field', field.id),
    );
    const content = element('Type', element('Fields', fields.join('')), { Name: type.name });
    return { data: element('data', content, { listtype: 'All', count: 1 }) };
  },
};
