// Who is asking, and what they may do. The server decides; this only keeps
// controls away that it would refuse.
import { useQuery } from '@tanstack/react-query'
import { meQuery, type Schemas } from './api'

export type Role = 'viewer' | 'analyst' | 'manager' | 'owner'
export const ROLES: Role[] = ['viewer', 'analyst', 'manager', 'owner']
type Me = Schemas['Me']

/** The role somebody has on a brand; with null, on all of them. */
export function roleOn(me: Me, brand: string | null): Role | undefined {
  if (me.single_user) return 'owner'
  const held = me.roles.filter(r => r.brand === null || (brand !== null && r.brand.toLowerCase() === brand.toLowerCase())).map(r => ROLES.indexOf(r.role as Role))
  return ROLES[Math.max(...held, -1)]
}

/** Tells whether somebody has at least a role on a brand; with null, on all of them. Nobody known may nothing. */
export function may(me: Me | undefined, least: Role, brand: string | null = null) {
  const role = me && roleOn(me, brand)
  return role !== undefined && ROLES.indexOf(role) >= ROLES.indexOf(least)
}

export const useMe = () => useQuery(meQuery).data

export type May = { me?: Me; role?: Role; on: (least: Role) => boolean; all: (least: Role) => boolean }

/** What who is signed in may do on a brand; before that is known, nothing. */
export function useMay(brand: string): May {
  const me = useMe()
  return { me, role: me && roleOn(me, brand), on: least => may(me, least, brand), all: least => may(me, least) }
}
