import { randomBytes } from 'node:crypto'
import { type Failure, FailureError, fail, failure } from '#domain/failures.ts'
import { explain, type Lang, messagesIn, publicCode } from '#messages/messages.ts'
import type { Messages } from '#messages/zh.ts'
import { demoSettings, readSettings, type Settings } from '#settings/settings.ts'
import { exitCodeOf, exitCodes } from './exit-codes.ts'
import { writeBug } from './log-file.ts'
import type { Operations } from './operations.ts'
import type { Outside } from './outside.ts'
import { waitingFor } from './waiting-for.ts'

/** One invocation: its language, its way of speaking, and how it ends. */
export class Session {
  readonly outside: Outside
  readonly lang: Lang
  readonly words: Messages
  readonly json: boolean
  exitCode: number = exitCodes.done
  /** `--demo`, or a command that is about the demo by itself. */
  isDemo = false
  /** `--tenant`: whose companies this invocation is about. */
  tenant: string | undefined = undefined
  #hasDocument = false

  constructor(outside: Outside, options: { lang: Lang; json: boolean }) {
    this.outside = outside
    this.lang = options.lang
    this.words = messagesIn(options.lang)
    this.json = options.json
  }

  /** The settings of this invocation. Fails with `usage.invalid`, naming the variable. */
  settings(): Settings {
    const read = readSettings(this.outside.env)
    if (!read.ok) return fail('usage.invalid', { what: read.invalid.what, instead: read.invalid.instead })
    return this.isDemo ? demoSettings(read.settings) : read.settings
  }

  /** Opens the product, and puts it away whatever happens. */
  async withApp<T>(work: (app: Operations) => Promise<T>): Promise<T> {
    await using app = await this.#open()
    return await work(app)
  }

  /** It may have to wait for whoever restores a backup or brings the schema forward. */
  #open(): Promise<Operations> {
    const open = () => this.outside.openApp({ ...this.settings(), tenant: this.tenant })
    return this.outside.stderr.isTerminal ? waitingFor(this, 'open', open) : open()
  }

  /**
   * Work on a route that Ctrl-C may stop: however deep the signal was noticed, people are told that the run was
   * interrupted. Fails with `run.interrupted`.
   */
  async interruptible<T>(route: string, work: () => Promise<T>): Promise<T> {
    const { signal } = this.outside
    try {
      return await work()
    } catch (error) {
      if (signal.aborted && causeOf(error) === signal.reason) return fail('run.interrupted', { route }, error)
      throw error
    }
  }

  /** The answer: one JSON document under --json, sentences otherwise. */
  answer(document: unknown, sentences: () => readonly string[]): void {
    if (this.json) this.document(document)
    else for (const line of sentences()) this.say(line)
  }

  /** The only JSON document of this invocation; a second one is a bug. */
  document(document: unknown): void {
    if (this.#hasDocument) throw new Error('a second JSON document')
    this.#hasDocument = true
    void this.outside.stdout.write(`${JSON.stringify(document)}\n`)
  }

  /** A whole document that was written piece by piece. */
  documentBegins(): void {
    this.#hasDocument = true
  }

  /** A sentence of the answer; silent under --json. */
  say(line: string): void {
    if (!this.json) void this.outside.stdout.write(`${this.#inThisHome(line)}\n`)
  }

  /** Something on the side, on stderr. */
  note(line: string): void {
    void this.outside.stderr.write(`${this.#inThisHome(line)}\n`)
  }

  /** Commands that are named in the demo's words must be about the demo's home. */
  #inThisHome(line: string): string {
    return this.isDemo
      ? line.replace(/npx qintong (?!demo\b|start\b|sandbox\b)([a-z]+)/g, 'npx qintong $1 --demo')
      : line
  }

  /** The last line of an answer: what to do now. */
  next(text: string): string {
    return `${this.words.reports.next}: ${text}`
  }

  /** Ends badly: in words, with the right exit code, and never with a stack trace. */
  async failed(error: unknown): Promise<void> {
    const cause = causeOf(error)
    const failed = cause instanceof FailureError ? cause.failure : await this.#bug(error)
    this.exitCode = exitCodeOf(failed)
    if (this.json && !this.#hasDocument)
      this.document({ error: { code: publicCode(failed), ...explain(failed, this.lang) } })
    else this.explain(failed)
  }

  /** A failure for a person, on stderr: what happened, what to do. */
  explain(failed: Failure): void {
    const { label, whatToDo } = this.words.cli.errors
    const { title, hint } = explain(failed, this.lang)
    this.note(`${label}: ${title}\n${whatToDo}: ${hint.includes('\n') ? `\n${hint}` : hint}`)
  }

  /** What nobody expected: whole into the log file, a reference into the words. */
  async #bug(error: unknown): Promise<Failure> {
    const full = diskFullIn(error)
    if (full) return full
    const reference = randomBytes(4).toString('hex')
    const read = readSettings(this.outside.env)
    const home = read.ok ? (this.isDemo ? demoSettings(read.settings) : read.settings).home : null
    await writeBug(home, { reference, error, at: this.outside.clock.now() })
    return failure('internal', { reference })
  }
}

/** A disk that is full may say so anywhere: in a file, a lock, a log. Null when that is not what happened. */
function diskFullIn(error: unknown): Failure | null {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code = String((cause as NodeJS.ErrnoException).code ?? '')
    if (code === 'ENOSPC' || code === 'EDQUOT' || /no space left|disk is full/i.test(cause.message))
      return failure('store.disk-full', { reason: cause.message })
  }
  return null
}

/** When putting things away failed as well, what failed first is what people need to hear. */
const causeOf = (error: unknown): unknown =>
  error instanceof SuppressedError ? causeOf(error.suppressed) : error
