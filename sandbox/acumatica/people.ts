import { randomUUID } from 'node:crypto';
import { seededRandom, shuffled } from '../random.ts';
import type { Settings } from './settings.ts';

/** `email` null is written as an empty field. */
export interface Employee {
  readonly id: string;
  readonly code: string;
  name: string;
  email: string | null;
  department: string;
  status: 'Active' | 'Inactive';
}

export interface Contact {
  readonly id: string;
  readonly number: number;
  firstName: string;
  lastName: string;
  email: string | null;
  active: boolean;
}

export type EmployeeFields = Partial<Omit<Employee, 'id'>> & { name: string };

const employee = (code: string, name: string, email: string | null, department: string): Omit<Employee, 'id'> => ({
  code,
  name,
  email,
  department,
  status: 'Active',
});

/**
 * Who works there. Some have the address that their Slack account has (one in other letters), some another one, one has
 * none, and one has left.
 */
const employeeSeed: readonly Omit<Employee, 'id'>[] = [
  employee('EP00000001', 'Maya Okafor', 'maya.okafor@northwind.example', 'FINANCE'),
  employee('EP00000002', 'Priya Raman', 'Priya.Raman@Northwind.example', 'FINANCE'),
  employee('EP00000003', 'Jonas Lindqvist', 'jonas.lindqvist@northwind.example', 'AP'),
  employee('EP00000004', 'Elena Duarte', 'elena.duarte@northwind.example', 'TREASURY'),
  employee('EP00000005', 'Amara Okafor', 'amara.okafor@treasury.example', 'AP'),
  employee('EP00000006', 'Jonas Weber', 'jonas.weber@treasury.example', 'AP'),
  employee('EP00000007', 'Warehouse Clerk', null, 'STOCK'),
  { ...employee('EP00000008', 'Helen Marsh', 'helen.marsh@treasury.example', 'AP'), status: 'Inactive' },
];

const firstNames = ['Aisha', 'Ben', 'Carla', 'Dmitri', 'Esra', 'Femi', 'Greta', 'Hugo', 'Ines', 'Jamal'];
const lastNames = ['Abbott', 'Bianchi', 'Castro', 'Dahl', 'Evans', 'Fischer', 'Grant', 'Hale', 'Ito', 'Jensen', 'Kaya'];
const seed = 20_250_401;
const firstContact = 100_001;

/** The same contact for the same position every time: every tenth has no e-mail, every fifteenth is not active. */
function contactAt(index: number): Contact {
  const firstName = firstNames[index % firstNames.length] ?? '';
  const lastName = lastNames[index % lastNames.length] ?? '';
  const number = firstContact + index;
  const email = `${firstName}.${lastName}.${number}@suppliers.example`.toLowerCase();
  return {
    id: `c0000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    number,
    firstName,
    lastName,
    email: index % 10 === 9 ? null : email,
    active: index % 15 !== 14,
  };
}

/** The people that the ERP knows: who works there, and the contacts of its business accounts. */
export class People {
  readonly #employees: Employee[] = employeeSeed.map((fields) => ({ ...fields, id: randomUUID() }));
  readonly #contacts: Contact[] = [];
  readonly #settings: Settings;
  readonly #random = seededRandom(seed);

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  #ordered<R>(rows: readonly R[]): readonly R[] {
    return this.#settings.order === 'shuffled' ? shuffled(rows, this.#random) : rows;
  }

  employees(): readonly Employee[] {
    return this.#ordered(this.#employees);
  }

  employee(code: string): Employee | undefined {
    return this.#employees.find((known) => known.code === code.toUpperCase());
  }

  /** So many as the setting says; it may grow and shrink while the site runs. */
  contacts(): readonly Contact[] {
    for (let index = this.#contacts.length; index < this.#settings.contacts; index += 1)
      this.#contacts.push(contactAt(index));
    return this.#ordered(this.#contacts.slice(0, this.#settings.contacts));
  }

  contact(number: string): Contact | undefined {
    return this.contacts().find((known) => String(known.number) === number);
  }

  addEmployee(fields: EmployeeFields): Employee {
    const code = fields.code ?? `EP${String(this.#employees.length + 1).padStart(8, '0')}`;
    if (this.employee(code)) throw new RangeError(`there is an employee ${code} already`);
    const added: Employee = { ...employee(code, '', null, 'AP'), ...fields, code, id: randomUUID() };
    this.#employees.push(added);
    return added;
  }

  editEmployee(code: string, changes: Partial<Omit<Employee, 'id' | 'code'>>): Employee {
    const found = this.employee(code);
    if (!found) throw new RangeError(`there is no employee ${code}`);
    return Object.assign(found, changes);
  }

  removeEmployee(code: string): void {
    const at = this.#employees.findIndex((known) => known.code === code);
    if (at >= 0) this.#employees.splice(at, 1);
  }

  editContact(number: number, changes: Partial<Omit<Contact, 'id' | 'number'>>): Contact {
    const found = this.contact(String(number));
    if (!found) throw new RangeError(`there is no contact ${number}`);
    return Object.assign(found, changes);
  }
}
