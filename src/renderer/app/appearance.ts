// How the window looks: theme, room and text size, as attributes of the page that the tokens read.
import type { Settings } from '../../shared/settings.ts'

export type Appearance = Pick<Settings, 'theme' | 'density' | 'textSize'>

export function appearanceOf({ theme, density, textSize }: Settings): Appearance {
  return { theme, density, textSize }
}

export function sameAppearance(one: Appearance, other: Appearance): boolean {
  return one.theme === other.theme && one.density === other.density && one.textSize === other.textSize
}

/** Every length of the window is in rem, so the root's size scales all of it. */
export function showAppearance({ theme, density, textSize }: Appearance, root = document.documentElement): void {
  root.dataset['theme'] = theme
  root.dataset['density'] = density
  root.style.fontSize = `${textSize}%`
}
