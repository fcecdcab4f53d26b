import { describe, expect, it } from 'vitest'
import { type EntityId, type MemoryId, newId } from '../../../shared/ids.ts'
import { layOut } from './graph-layout.ts'
import type { EntityGraph } from './use-people.ts'

function world(count: number): Pick<EntityGraph, 'nodes' | 'edges'> {
  const ids = Array.from({ length: count }, () => newId<EntityId>())
  const [middle] = ids
  const at = new Date()
  return {
    nodes: ids.map((id, index) => ({
      entity: { id, name: `N${index}`, type: 'person', aliases: [], status: 'active', version: 1, mentionedAt: at },
      steps: index === 0 ? 0 : 1,
      hidden: 0,
    })),
    edges: ids.slice(1).map((id) => ({
      ...{
        memoryId: newId<MemoryId>(),
        from: middle as EntityId,
        to: id,
        relation: 'knows',
        text: 'They know each other.',
      },
    })),
  }
}

describe('the drawing of a graph', () => {
  it('is the same each time, with the one asked about in the middle', () => {
    const graph = world(60)
    const [once, again] = [layOut(graph), layOut(graph)]
    expect([...again.places]).toEqual([...once.places])
    expect(once.places.get(graph.nodes[0]?.entity.id as EntityId)).toEqual({ x: 0, y: 0 })
  })

  it('lays no node on another, and all inside its box', () => {
    const { places, box } = layOut(world(60))
    const [left, top, width, height] = box
    const all = [...places.values()]
    for (const [index, one] of all.entries()) {
      expect(one.x).toBeGreaterThan(left)
      expect(one.x).toBeLessThan(left + width)
      expect(one.y).toBeGreaterThan(top)
      expect(one.y).toBeLessThan(top + height)
      for (const other of all.slice(index + 1)) expect(Math.hypot(one.x - other.x, one.y - other.y)).toBeGreaterThan(30)
    }
  })

  it('draws several ties of two as one line', () => {
    const graph = world(2)
    const [tie] = graph.edges
    if (!tie) throw new Error('no tie')
    const back = { ...tie, memoryId: newId<MemoryId>(), from: tie.to, to: tie.from, relation: 'works_at' }
    const { lines } = layOut({ ...graph, edges: [tie, back] })
    expect(lines.map(({ edges }) => edges.map(({ relation }) => relation))).toEqual([['knows', 'works_at']])
  })

  it('puts what is two steps away behind the one it is tied to, and no line through the middle', () => {
    const { nodes, edges } = world(3)
    const [, near, far] = nodes.map(({ entity }) => entity.id)
    const [first, second] = edges
    if (!near || !far || !first || !second) throw new Error('no chain')
    const { places } = layOut({ nodes, edges: [first, { ...second, from: near, to: far }] })
    const [one, other] = [places.get(near), places.get(far)]
    if (!one || !other) throw new Error('not drawn')
    expect(one.x * other.x + one.y * other.y).toBeGreaterThan(0)
    expect(Math.hypot(other.x, other.y)).toBeGreaterThan(Math.hypot(one.x, one.y))
  })

  it('knows somebody with no ties', () => {
    expect(layOut(world(1)).places.size).toBe(1)
  })
})
