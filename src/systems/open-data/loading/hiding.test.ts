import { expect, it } from 'vitest';
import { newKeyRing, openSecrets } from '#platform/identity/secrets.ts';
import { hashKeyOf, hashOf, hashSql } from './hiding.ts';
import { openStageDb } from './stage-db.ts';
import { loadFolder } from './testing.ts';

const folder = loadFolder();

it('a value has the same code in a file and in the rows of a program, another in another resource', async () => {
  const secrets = openSecrets(newKeyRing());
  const [key, other] = [hashKeyOf(secrets, 'a'), hashKeyOf(secrets, 'b')];
  const db = await openStageDb(folder);
  const [row] = await db.rows(`select ${hashSql(key, "'+380501112233'")} as code`);
  db.close();
  expect(row!.code).toBe(hashOf(key, '+380501112233'));
  expect(hashOf(key, '+380501112233')).toMatch(/^[0-9a-f]{16}$/);
  expect(hashOf(other, '+380501112233')).not.toBe(hashOf(key, '+380501112233'));
});
