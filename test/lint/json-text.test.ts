// JSON with its places.
import { fc, test as prop } from '@fast-check/vitest'
import { describe, expect, test } from 'vitest'
import { jsonProblem, keyOf, type Path, pathOf, pathText, placeOf, spansOf, valueAt } from '../../src/lint/json-text.ts'

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

describe('where a text stops being JSON', () => {
  test.each([
    ['a comma after the last member', '{\n  "a": 1,\n}', 'trailingComma', 2, 9],
    ['single quotes', "{'a': 1}", 'quote', 1, 2],
    ['a name without quotes', '{a: 1}', 'name', 1, 2],
    ['a missing colon', '{"a" 1}', 'colon', 1, 6],
    ['a missing comma', '{"a": 1\n "b": 2}', 'comma', 2, 2],
    ['an end that is cut off', '{"a": [1, 2', 'end', 1, 12],
    ['a text that is cut off', '{"a": "xyz', 'end', 1, 11],
    ['a line break in a text', '{"a": "x\ny"}', 'control', 1, 9],
    ['an escape that does not exist', '{"a": "\\x"}', 'escape', 1, 8],
    ['a number with a zero in front', '{"a": 01}', 'number', 1, 7],
    ['a word that is no value', '{"a": undefined}', 'literal', 1, 7],
    ['something behind the end', '{"a": 1} }', 'more', 1, 10],
    ['nothing at all', ' \n', 'empty', 2, 1],
  ])('%s is named with its line and column', (_, text, fault, line, column) => {
    const problem = jsonProblem(text)
    expect(problem?.fault).toBe(fault)
    expect(placeOf(text, problem?.offset ?? -1)).toEqual({ line, column })
  })

  test('columns count characters, not halves of them', () => {
    const text = '{"名前": "😀😀", }'
    expect(placeOf(text, jsonProblem(text)?.offset ?? 0)).toEqual({ line: 1, column: 12 })
  })

  test('a nesting without end is refused, not followed', () => {
    expect(jsonProblem('['.repeat(300_000))?.fault).toBe('end')
    expect(jsonProblem(`${'['.repeat(300_000)}${']'.repeat(300_000)}`)).toBeUndefined()
  })

  prop.prop([
    fc.json(),
    fc.nat(),
    fc.constantFrom('', '"', ',', '}', ']', '{', '[', '\\', ':', '0', '-', 'e', '\n', 't', ' '),
  ])('what JSON.parse refuses is refused, and nothing else, whatever is put into a text', (json, position, piece) => {
    const at = position % (json.length + 1)
    const text = `${json.slice(0, at)}${piece}${json.slice(at)}`
    expect(jsonProblem(text) === undefined).toBe(isJson(text))
  })
})

describe('where a value stands', () => {
  const pathsIn = (value: unknown, path: Path = []): readonly Path[] =>
    typeof value !== 'object' || value === null
      ? [path]
      : [
          path,
          ...Object.entries(value).flatMap(([name, member]) =>
            pathsIn(member, [...path, Array.isArray(value) ? Number(name) : name]),
          ),
        ]

  prop.prop([fc.jsonValue(), fc.constantFrom(0, 2)])(
    'the text at every path of a value is that value',
    (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const parsed: unknown = JSON.parse(text)
      const paths = pathsIn(parsed)
      const spans = spansOf(text, paths)
      for (const path of paths) {
        const span = spans.get(keyOf(path))
        expect(JSON.parse(text.slice(span?.value, span?.end))).toEqual(valueAt(parsed, path).value)
      }
    },
  )

  test('of a name that occurs twice it is the last, as a parser takes it', () => {
    const text = '{"a": 1, "a": 2}'
    const span = spansOf(text, [['a']]).get(keyOf(['a']))
    expect(text.slice(span?.start, span?.end)).toBe('"a": 2')
  })

  test('paths are written and read', () => {
    expect(pathText(['messageExtension', 0, 'id'])).toBe('$.messageExtension[0].id')
    expect(pathOf('$.messageExtension[0].id')).toEqual(['messageExtension', 0, 'id'])
    expect(pathOf(pathText(['a b', 'c-d', 3]))).toEqual(['a b', 'c-d', 3])
  })
})
