import type { Staff } from './generate-staff.ts'

/** One line of the file that `qintong identity bench --accounts` reads. */
export type BenchRow = {
  connection: string
  userId: string
  name: string
  mobile?: string
  jobNumber?: string
  email?: string
  departments?: readonly string[]
  hiredOn?: string
  leftOn?: string
}

/** The accounts as a file has them: as written, without title and superior, nothing where nothing is known. */
export function benchRows({ accounts, generated }: Staff): BenchRow[] {
  return accounts.map((account) => {
    const { connection, userId, name, jobNumber, email, departments, hiredOn, leftOn } = account
    const { rawMobile } = generated.get(account.id)!
    return {
      connection,
      userId,
      name,
      ...(rawMobile !== null && { mobile: rawMobile }),
      ...(jobNumber !== null && { jobNumber }),
      ...(email !== null && { email }),
      ...(departments.length > 0 && { departments }),
      ...(hiredOn !== null && { hiredOn }),
      ...(leftOn !== null && { leftOn }),
    }
  })
}
