/** Which addresses may be reached: public ones, or those that `MILLRACE_EGRESS` lists. */
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { egressErrors } from './egress-errors.ts'

export interface Egress {
  /** An address of the host that may be reached. Connect to it, so that a second look-up cannot lead elsewhere. */
  address(host: string): Promise<string>
}

export type Resolve = (host: string) => Promise<readonly string[]>

export function egress(setting: string | undefined, resolve: Resolve = resolveHost): Egress {
  const entries = (setting ?? 'public').split(/[\s,]+/).filter((entry) => entry !== '')
  const rules = entries.map(ruleOf)
  return {
    address: async (given) => {
      const host = given
        .replace(/^\[(.*)\]$/, '$1')
        .replace(/\.$/, '')
        .toLowerCase()
      const addresses = isIP(host) === 0 ? await resolve(host) : [host]
      if (addresses.length === 0) throw egressErrors.unresolved({ host: given })
      // One address that is not allowed spoils the name: it may be an attempt to slip past the check.
      const refused = addresses.map(plain).find((address) => !rules.some((rule) => rule(host, address)))
      if (refused !== undefined) throw egressErrors.forbidden_address({ host: given, address: refused })
      return plain(addresses[0] ?? '')
    },
  }
}

type Rule = (host: string, address: string) => boolean

function ruleOf(entry: string): Rule {
  if (entry === '*') return (host, address) => !isMetadata(address) || host === address
  if (entry === 'public') return (_host, address) => isPublic(address)
  const [network = '', bits] = entry.replace(/^\[(.*)\]$/, '$1').split('/')
  const family = isIP(network)
  if (family !== 0) {
    const list = new BlockList()
    const most = family === 4 ? 32 : 128
    const length = bits === undefined ? most : Number(bits)
    if (!Number.isInteger(length) || length < 0 || length > most) throw egressErrors.egress({ entry })
    list.addSubnet(network, length, family === 4 ? 'ipv4' : 'ipv6')
    return (_host, address) => contains(list, address)
  }
  if (!/^(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(entry)) throw egressErrors.egress({ entry })
  const wanted = entry.toLowerCase()
  return wanted.startsWith('*.') ? (host) => host.endsWith(wanted.slice(1)) : (host) => host === wanted
}

const notPublic = new BlockList()
for (const network of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  // Azure's own, from inside its machines.
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]) {
  const [address = '', length] = network.split('/')
  notPublic.addSubnet(address, Number(length), 'ipv4')
}
for (const network of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) {
  const [address = '', length] = network.split('/')
  notPublic.addSubnet(address, Number(length), 'ipv6')
}
const publicIpv6 = new BlockList()
publicIpv6.addSubnet('2000::', 3, 'ipv6')

function isPublic(address: string): boolean {
  return !contains(notPublic, address) && (isIP(address) === 4 || contains(publicIpv6, address))
}

/** Where clouds keep the machine's own credentials: not even `*` leads there by name. */
function isMetadata(address: string): boolean {
  return address === '169.254.169.254' || address === 'fd00:ec2::254'
}

function contains(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4')
}

/** Each address in one spelling; an IPv4-mapped IPv6 address is written as IPv4. */
function plain(address: string): string {
  if (isIP(address) !== 6 || address.includes('%')) return address
  const spelt = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const words = /^::(?:ffff:(?:0:)?)?([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(spelt)
  if (words === null) return spelt
  const [high, low] = [Number.parseInt(words[1] ?? '', 16), Number.parseInt(words[2] ?? '', 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

async function resolveHost(host: string): Promise<readonly string[]> {
  try {
    const found = await lookup(host, { all: true, verbatim: false })
    return found.map((entry) => entry.address)
  } catch (error) {
    // The name server did not answer; of a name that is not there it says ENOTFOUND.
    if ((error as { code?: unknown }).code === 'EAI_AGAIN') throw egressErrors.lookup({ host }, { cause: error })
    return []
  }
}
