// What the first list says.
import { shell } from './shell'
import { advocates } from './advocates'

export const words = { ...shell, ...advocates }
