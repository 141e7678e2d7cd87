import { fail, type SetupProblem } from './failures.ts'

/**
 * Refuses a setup file. When the only thing wrong with it is that we cannot do it yet, the failure says exactly that
 * (`usage.not-yet`); otherwise it is `setup.invalid` with every problem.
 */
export function refuseSetup(
  file: string,
  problems: { line: number; column: number; path: string; problem: SetupProblem }[],
): never {
  const notYet = problems.flatMap(({ line, problem }) =>
    problem.kind === 'not-yet' ? [`${problem.what} (${file}:${line})`] : [],
  )
  if (problems.length > 0 && notYet.length === problems.length)
    fail('usage.not-yet', { what: notYet.join('; ') })
  return fail('setup.invalid', { file, problems })
}
