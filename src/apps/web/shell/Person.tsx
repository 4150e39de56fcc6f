import { LogOut, Monitor, Moon, Sun, UserRound } from 'lucide-react'
import { Button } from '#ui/Button'
import { Menu } from '#ui/Menu'
import { chooseTheme, useTheme, type Theme } from '#ui/theme'
import { signOut, type Session } from '../session.ts'

const themes: readonly { readonly theme: Theme; readonly title: string; readonly icon: React.ReactNode }[] = [
  { theme: 'light', title: 'Light', icon: <Sun size={15} /> },
  { theme: 'dark', title: 'Dark', icon: <Moon size={15} /> },
  { theme: 'system', title: 'As the system', icon: <Monitor size={15} /> },
]

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
