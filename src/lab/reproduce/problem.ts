/** A reproduction that cannot be made, with a sentence for people. */
export class LabReproduceError extends Error {
  override readonly name = 'LabReproduceError'
}
