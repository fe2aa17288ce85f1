// `sekisho lab`: events and policies measured. What a command needs is loaded when it runs: the server never loads the lab.
import type { Command } from 'commander'
import { addLabCompare } from './lab/compare.ts'
import { addLabExport } from './lab/export.ts'
import { addLabGen } from './lab/gen.ts'
import { addLabImport } from './lab/import.ts'
import { addLabReport } from './lab/report.ts'
import { addLabReproduce } from './lab/reproduce.ts'
import { addLabRun } from './lab/run.ts'
import { addLabScore } from './lab/score.ts'
import { addLabTrain } from './lab/train.ts'
import { addLabVerify } from './lab/verify.ts'

export function addLab(program: Command): void {
  const lab = program.command('lab').description('measure policies on streams of events, made up or your own')
  for (const add of [
    addLabGen,
    addLabImport,
    addLabExport,
    addLabRun,
    addLabCompare,
    addLabVerify,
    addLabReport,
    addLabScore,
    addLabTrain,
    addLabReproduce,
  ])
    add(lab)
}
