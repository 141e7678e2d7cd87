import type { Command } from 'commander'
import { addCommand } from '../command-line.ts'
import type { RouteState } from '../operations.ts'
import type { Session } from '../session.ts'

/** `pause R`, `resume R` and `resend R`. */
export function addPause(program: Command, session: Session): void {
  const { operands } = session.words.cli
  const { route: words } = session.words.reports
  const answer = (state: RouteState, sentence: (route: string) => string) =>
    session.answer(state, () => [sentence(state.route)])
  addCommand(program, session, 'pause')
    .argument('<route>', operands.route)
    .action(async (route: string) => {
      const state = await session.withApp((app) => app.pause(route))
      answer(state, state.changed ? words.paused : words.alreadyPaused)
    })
  addCommand(program, session, 'resend')
    .argument('<route>', operands.route)
    .action(async (route: string) => {
      const done = await session.withApp((app) => app.resend(route))
      session.answer(done, () => [words.resent(done.route, done.resent)])
    })
  addCommand(program, session, 'resume')
    .argument('<route>', operands.route)
    .action(async (route: string) => {
      const state = await session.withApp((app) => app.resume(route))
      answer(state, state.released ? words.released : state.changed ? words.resumed : words.alreadyRunning)
    })
}
