import type { NavigationEntry } from '#ui/page-route'
import { isPermitted, usePermissions } from '#ui/permissions'
import { modules } from './modules.ts'

/** The pages of all modules that this person may open, in the order of the navigation. */
export function useNavigationEntries(): readonly NavigationEntry[] {
  const permissions = usePermissions()
  return modules
    .flatMap(({ navigation }) => navigation)
    .filter(({ permission }) => isPermitted(permissions, permission))
}
