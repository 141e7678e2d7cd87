import { type Failure, FailureError } from '#domain/failures.ts'

/** The failure a promise ends with; anything else is thrown on. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work
  } catch (error) {
    if (error instanceof FailureError) return error.failure
    throw error
  }
  throw new Error('it did not fail')
}
