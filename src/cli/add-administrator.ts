import { z } from 'zod';
import { grantRole } from '#platform/access/grants.ts';
import { administratorRole } from '#platform/access/roles.ts';
import { Conflict } from '#platform/errors.ts';
import { temporaryPassword } from '#platform/identity/passwords.ts';
import { addVerifiedContact, createPerson } from '#platform/identity/persons.ts';
import { createStaffAccount } from '#platform/identity/staff.ts';
import { systemActor } from '#platform/work.ts';
import { type Command, positional, UsageError, withPlatform } from './command.ts';

export const command: Command = {
  usage: 'LOGIN NAME EMAIL',
  summary: 'opens the account of an administrator of this city and prints its temporary password once',
  async run(args) {
    const [login, name, email] = positional(args, 'LOGIN', 'NAME', 'EMAIL');
    if (!/^[a-z0-9][a-z0-9.-]{2,60}$/i.test(login))
      throw new UsageError('LOGIN has Latin letters, digits, dots or hyphens, at least 3');
    if (!name.trim()) throw new UsageError('NAME is empty');
    if (!z.email().safeParse(email).success) throw new UsageError(`${email} is no e-mail address`);
    const password = temporaryPassword();
    const origin = await withPlatform(async (platform) => {
      await platform
        .work(systemActor('command line'), async (work) => {
          const personId = await createPerson(work, work.secrets, { name: name.trim(), assurance: 2 });
          await addVerifiedContact(work, work.secrets, personId, 'email', email);
          await createStaffAccount(work, { personId, login, post: 'Адміністратор', password });
          await grantRole(work, { personId, role: administratorRole, reason: 'misto add-administrator' });
        })
        .catch((error) => {
          throw error instanceof Conflict ? new Error(taken(error, login, email)) : error;
        });
      return platform.config.publicUrl ?? '';
    });
    console.log(
      [
        `login: ${login.toLowerCase()}`,
        `temporary password: ${password}`,
        `It is not shown again. Sign in at ${origin}/sign-in/staff: the second factor is set up there, and another password is chosen.`,
      ].join('\n'),
    );
  },
};

const taken = ({ code }: Conflict, login: string, email: string): string =>
  code === 'login-taken'
    ? `the login ${login} is taken`
    : `${email} belongs to somebody who has signed in here already; give another address`;
