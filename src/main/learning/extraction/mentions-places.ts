// Places known without being told: countries, the cities the world's clocks are named after, and some more of the
// largest. A name here is a place unless its sentence says otherwise.
import { fold } from '../words.ts'

const MORE = `paris rome milan turin naples florence venice bologna barcelona seville valencia bilbao munich hamburg cologne frankfurt
  stuttgart dusseldorf leipzig dresden bremen hanover nuremberg heidelberg freiburg bonn basel geneva lausanne bern salzburg graz lyon
  marseille toulouse bordeaux nice nantes strasbourg lille antwerp ghent rotterdam utrecht eindhoven malmo gothenburg uppsala lund bergen
  trondheim aarhus tampere gdansk krakow wroclaw poznan brno porto coimbra manchester birmingham liverpool leeds sheffield bristol oxford
  cambridge edinburgh glasgow cardiff belfast cork galway boston philadelphia washington baltimore atlanta miami dallas houston austin
  seattle portland oakland sacramento berkeley montreal ottawa quebec calgary mumbai delhi bangalore bengaluru chennai hyderabad pune kolkata
  beijing shenzhen guangzhou hangzhou chengdu wuhan osaka kyoto nagoya sapporo fukuoka busan hanoi wellington auckland canberra california
  texas florida colorado oregon bavaria saxony tuscany sicily sardinia catalonia andalusia brittany normandy provence scotland wales england
  cornwall yorkshire ireland europe asia africa america antarctica hawaii alaska manhattan brooklyn queens bronx hollywood silicon-valley
  uk usa us uae eu`
/** Names of places that are names of people, things or plain words as well. */
const AMBIGUOUS = new Set(
  'jordan georgia chad regina center troll phoenix davis casey stanley darwin knox oral nome resolute jersey marengo palmer creston dominica dawson metlakatla hovd bermuda madeira marie us eucla lindeman mendoza santiago san_luis vincent martin'.split(
    ' ',
  ),
)

const PLACES = placeNames()

function placeNames(): ReadonlySet<string> {
  const names = new Set(MORE.split(/\s+/u).map((name) => name.replace('-', ' ')))
  const regions = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' })
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  for (const first of letters) {
    for (const second of letters) {
      const name = /^(?:X|Z{2}|Q[M-Z]|EZ|UN)/u.test(first + second) ? undefined : regions.of(first + second)
      if (name) names.add(fold(name).replace(/\s*\(.*\)$/u, ''))
    }
  }
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    const city = zone.split('/').at(-1)
    if (city && zone.includes('/')) names.add(fold(city.replaceAll('_', ' ')))
  }
  for (const name of AMBIGUOUS) names.delete(name.replace('_', ' '))
  return names
}

/** @param folded name without case and accents */
export function isKnownPlace(folded: string): boolean {
  return PLACES.has(folded)
}
