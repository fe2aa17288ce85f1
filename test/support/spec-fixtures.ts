// The loader of spec-fixtures/ is part of the product: `sekisho conformance` runs the same cases.
export * from '../../src/conformance/fixtures.ts'
