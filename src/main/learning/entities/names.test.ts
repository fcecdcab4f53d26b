import { describe, expect, it } from 'vitest'
import { foldName, isNearName, shortForms } from './names.ts'

describe('names', () => {
  it.each([
    ['Acme Corp', 'ACME Corporation'],
    ['Müller GmbH & Co. KG', 'Muller'],
    ['The Red Cross', 'red cross'],
    ['Dr. Sarah Kim', 'sarah kim'],
    ["Ivora's", 'Ivora’s'],
    ['Acme\u200b Corp', 'Acme'],
    ['Ｃａｆé Nord', 'cafe nord'],
    ['Smith&Sons Ltd.', 'Smith & Sons'],
  ])('%s and %s are one', (one, two) => {
    expect(foldName(one)).toBe(foldName(two))
  })

  it.each([
    ['C++', 'C#'],
    ['C', 'C++'],
    ['3M', 'M'],
    ['node.js', 'node'],
    ['Boeing 737', 'Boeing 747'],
    ['Co', 'Inc'],
  ])('%s and %s are two', (one, two) => {
    expect(foldName(one)).not.toBe(foldName(two))
    expect(isNearName(foldName(one), foldName(two))).toBe(false)
  })

  it.each([
    ['acme', 'acme holdings', true],
    ['jane', 'jane smith', true],
    ['katharina', 'katarina', true],
    ['brennan lyle', 'brennan lile', true],
    ['world health organization', 'who', true],
    ['anna smith', 'jane smith', false],
    ['max', 'mae', false],
  ])('whether %s could be %s is %s', (one, two, near) => {
    expect(isNearName(one, two)).toBe(near)
  })

  it('of people have a first and a last one, those of one word none', () => {
    expect(shortForms('Gera Vossen')).toEqual(['Gera', 'Vossen'])
    expect(shortForms('Dr. Sarah J. Kim')).toEqual(['Sarah', 'Kim'])
    expect(shortForms('Cher')).toEqual([])
  })
})
