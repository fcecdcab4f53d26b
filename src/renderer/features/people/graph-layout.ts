// Where the nodes of a graph stand: computed once and to its end, the same for the same graph, so that nothing moves by itself.
import {
  forceCenter,
  forceCollide,
  forceLink,
  forceManyBody,
  forceSimulation,
  type SimulationNodeDatum,
} from 'd3-force'
import type { EntityId } from '../../../shared/ids.ts'
import type { EntityGraph } from './use-people.ts'

export interface Place {
  x: number
  y: number
}

export interface Line {
  key: string
  from: EntityId
  to: EntityId
  /** What ties the two, one entry for each memory. */
  edges: EntityGraph['edges']
}

export interface Layout {
  places: Map<EntityId, Place>
  /** The ties between two nodes are one line. */
  lines: Line[]
  /** What is drawn fits in here, labels included: left, top, width and height. */
  box: [number, number, number, number]
}

interface Body extends SimulationNodeDatum {
  id: EntityId
}

/** Steps until nothing moves any more, each with less force than the one before. */
const STEPS = 120
/** Of the force at the beginning this share is left at the end, as d3 does it in 300 steps. */
const LEFT = 0.001
/** Length of a line at rest. */
const LINK = 110
/** Room for a label below and beside a node. */
const MARGIN = { side: 70, top: 30, bottom: 44 }

export function layOut({ nodes, edges }: Pick<EntityGraph, 'nodes' | 'edges'>): Layout {
  const lines = linesOf(edges)
  const starts = startsOf(
    nodes.map(({ entity }) => entity.id),
    lines,
  )
  const bodies = nodes.map(({ entity: { id } }, index): Body => {
    // The one in the middle stays there.
    return index === 0 ? { id, fx: 0, fy: 0 } : { id, ...starts.get(id) }
  })
  forceSimulation(bodies)
    .force(
      'link',
      forceLink<Body, { source: EntityId; target: EntityId }>(
        lines.map(({ from, to }) => ({ source: from, target: to })),
      )
        .id(({ id }) => id)
        .distance(LINK)
        .strength(0.6),
    )
    .force('charge', forceManyBody().strength(-420).distanceMax(600))
    // Labels are wider than they are high.
    .force('collide', forceCollide(38))
    .force('center', forceCenter(0, 0).strength(0.02))
    .alphaDecay(1 - LEFT ** (1 / STEPS))
    .stop()
    .tick(STEPS)
  const places = new Map(bodies.map(({ id, x = 0, y = 0 }) => [id, { x: Math.round(x), y: Math.round(y) }]))
  return { places, lines, box: boxOf([...places.values()]) }
}

/**
 * Where each node begins: around the middle, and what is two steps away behind the one it is tied to, so that no line has
 * to cross the middle to reach it.
 */
function startsOf(ids: readonly EntityId[], lines: readonly Line[]): Map<EntityId, Place> {
  const [middle] = ids
  const near = ids.filter((id) =>
    lines.some(({ from, to }) => (from === middle ? to : to === middle ? from : null) === id),
  )
  const angles = new Map(near.map((id, index) => [id, (index / near.length) * 2 * Math.PI]))
  const behind = new Map<EntityId, number>()
  const at = (angle: number, radius: number) => ({ x: Math.cos(angle) * radius, y: Math.sin(angle) * radius })
  return new Map(
    ids.slice(1).map((id) => {
      const angle = angles.get(id)
      if (angle !== undefined) return [id, at(angle, LINK)]
      const line = lines.find(({ from, to }) => (from === id && angles.has(to)) || (to === id && angles.has(from)))
      const parent = line && (line.from === id ? line.to : line.from)
      const count = parent ? (behind.get(parent) ?? 0) : 0
      if (parent) behind.set(parent, count + 1)
      // One behind the other they would push each other straight through; a little to either side they spread.
      const aside = (count % 2 === 0 ? 1 : -1) * Math.ceil(count / 2) * 0.2
      return [id, at((parent ? (angles.get(parent) ?? 0) : 0) + aside, 2 * LINK)]
    }),
  )
}

function linesOf(edges: EntityGraph['edges']): Line[] {
  const lines = new Map<string, Line>()
  for (const edge of edges) {
    const key = [edge.from, edge.to].sort().join(' ')
    const line = lines.get(key)
    if (line) line.edges.push(edge)
    else lines.set(key, { key, from: edge.from, to: edge.to, edges: [edge] })
  }
  return [...lines.values()]
}

function boxOf(places: Place[]): Layout['box'] {
  const left = Math.min(0, ...places.map(({ x }) => x)) - MARGIN.side
  const top = Math.min(0, ...places.map(({ y }) => y)) - MARGIN.top
  const right = Math.max(0, ...places.map(({ x }) => x)) + MARGIN.side
  const bottom = Math.max(0, ...places.map(({ y }) => y)) + MARGIN.bottom
  return [left, top, right - left, bottom - top]
}
