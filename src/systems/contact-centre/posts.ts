import type { Actor } from '#platform/work.ts';
import { roleDefinitions, roleName } from './permissions.ts';
import type { Role } from './states.ts';

/**
 * A member of staff in one post, with what its role allows: for the demo city, measurements and tests, which act without
 * signing in.
 *
 * @param organisation in whose post the person acts and to which the grant is limited; null: the whole city.
 * @param more where a test minds who exactly acts.
 */
export function inPost(
  role: Role,
  organisation: string | null = null,
  more: Partial<Pick<Actor, 'id' | 'name' | 'organisation'>> = {},
): Actor {
  const { permissions } = roleDefinitions.find(({ name }) => name === roleName(role))!;
  const grant = { role: roleName(role), permissions: new Set(permissions), district: null, branch: null };
  return {
    kind: 'staff',
    id: `p-${role}`,
    name: role,
    organisation,
    assurance: 2,
    grants: [{ ...grant, organisation }],
    ...more,
  };
}
