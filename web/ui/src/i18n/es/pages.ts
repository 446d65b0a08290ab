// What the other pages say.
import { person } from './person'
import { activate } from './activate'
import { trust } from './trust'
import { discover } from './discover'
import { network } from './network'
import { settings } from './settings'
import { welcome } from './welcome'
import { workflow } from './workflow'

export const words = { ...person, ...activate, ...trust, ...discover, ...settings, ...network, ...welcome, ...workflow }
