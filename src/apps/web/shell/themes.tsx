import { Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Theme } from '#ui/theme'

export const themes: readonly { readonly theme: Theme; readonly title: string; readonly icon: ReactNode }[] = [
  { theme: 'light', title: 'Light', icon: <Sun size={15} /> },
  { theme: 'dark', title: 'Dark', icon: <Moon size={15} /> },
  { theme: 'system', title: 'As the system', icon: <Monitor size={15} /> },
]
