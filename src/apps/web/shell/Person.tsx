import { LogOut, UserRound } from 'lucide-react'
import { Button } from '#ui/Button'
import { Menu } from '#ui/Menu'
import { chooseTheme, useTheme } from '#ui/theme'
import { signOut, type Session } from '../session.ts'
import { themes } from './themes.tsx'

/** Who is here, in which theme, and the way out. */
export function Person({ session }: { readonly session: Session | undefined }) {
  const { chosen } = useTheme()
  return (
    <Menu
      align="start"
      label="You"
      trigger={
        <Button
          tone="quiet"
          label={`You and the theme${session === undefined ? '' : `: ${session.name}`}`}
          icon={<UserRound size={16} />}
        />
      }
      groups={[
        themes.map(({ theme, title, icon }) => ({
          id: theme,
          title,
          icon,
          chosen: chosen === theme,
          onSelect: () => chooseTheme(theme),
        })),
        [{ id: 'out', title: 'Sign out', icon: <LogOut size={15} />, onSelect: () => void signOut() }],
      ]}
    />
  )
}
