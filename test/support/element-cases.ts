export * from '../../src/conformance/element-cases.ts'
