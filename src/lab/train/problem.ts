/** Something about the data or the settings that a person can mend; one sentence. */
export class LabTrainError extends Error {
  override readonly name = 'LabTrainError'
  /** Of the training file, where it lies there: `model.features.3`. */
  readonly path: string | undefined
  constructor(message: string, path?: string) {
    super(path === undefined ? message : `${path}: ${message}`)
    this.path = path
  }
}
