import type { Contact, Employee } from './people.ts';
import { fieldsText } from './record-text.ts';
import { type Field, field, type RecordType } from './record-type.ts';

/** A linked entity: one object, not a list, and only there when it is expanded. */
function linked<R>(fields: readonly Field<R>[], idOf: (row: R) => string): RecordType<R>['details'][string] {
  return {
    fields: fields.map(({ name }) => name),
    write(row, names) {
      const shown = names ? fields.filter(({ name }) => names.has(name)) : fields;
      return `{"id":"${idOf(row)}","rowNumber":1,"note":null${fieldsText(row, shown)},"custom":{}}`;
    },
  };
}

const none = { note: () => '', custom: () => null };
const files = { fields: [], write: () => '[]' };

/** The Employee entity. Its e-mail is in the linked ContactInfo. */
export const employeeRecord: RecordType<Employee> = {
  name: 'Employee',
  screen: 'EP203000',
  graph: 'PX.Objects.EP.EmployeeMaint',
  view: 'Employee',
  fields: [
    field('EmployeeID', 'string', (employee) => employee.code),
    field('EmployeeName', 'string', (employee) => employee.name),
    field('Status', 'string', (employee) => employee.status),
  ],
  details: {
    ContactInfo: linked(
      [
        field('DisplayName', 'string', (employee: Employee) => employee.name),
        field('Email', 'string', (employee: Employee) => employee.email),
      ],
      ({ id }) => id,
    ),
    EmployeeSettings: linked(
      [
        field('DepartmentID', 'string', (employee: Employee) => employee.department),
        field('ReportsTo', 'string', () => null),
      ],
      ({ id }) => id,
    ),
    Delegates: files,
    files,
  },
  id: ({ id }) => id,
  ...none,
};

/** The Contact entity. */
export const contactRecord: RecordType<Contact> = {
  name: 'Contact',
  screen: 'CR302000',
  graph: 'PX.Objects.CR.ContactMaint',
  view: 'Contact',
  fields: [
    field('Active', 'boolean', (contact) => contact.active),
    field('ContactID', 'int', (contact) => contact.number),
    field('DisplayName', 'string', ({ firstName, lastName }) => `${lastName}, ${firstName}`),
    field('Email', 'string', (contact) => contact.email),
    field('FirstName', 'string', (contact) => contact.firstName),
    field('LastName', 'string', (contact) => contact.lastName),
    field('Status', 'string', (contact) => (contact.active ? 'Active' : 'Inactive')),
  ],
  details: { files },
  id: ({ id }) => id,
  ...none,
};
