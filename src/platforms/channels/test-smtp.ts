import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'

/** What a tiny mail server was told, and how it is to answer. */
export type TestMailServer = AsyncDisposable & {
  port: number
  mails: { to: string[]; text: string }[]
  /** Every line a client sent outside of a mail's text. */
  lines: string[]
}

/**
 * A mail server on loopback that speaks just enough SMTP. `answers` replaces what it says to a verb, e.g.
 * `{ MAIL: '451 try later' }`; `hangsUp` ends the line instead of taking a mail.
 */
export async function startMailServer(
  how: { answers?: Record<string, string>; hangsUp?: boolean } = {},
): Promise<TestMailServer> {
  const mails: TestMailServer['mails'] = []
  const lines: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    let buffer = ''
    let to: string[] = []
    let isText = false
    const say = (line: string) => socket.write(`${line}\r\n`)
    say('220 test ESMTP')
    socket.on('data', (chunk) => {
      buffer += chunk.toString('utf8')
      for (;;) {
        const end = isText ? buffer.indexOf('\r\n.\r\n') : buffer.indexOf('\r\n')
        if (end < 0) return
        const line = buffer.slice(0, end)
        buffer = buffer.slice(end + (isText ? 5 : 2))
        if (isText) {
          isText = false
          mails.push({ to, text: line })
          to = []
          say('250 taken')
          continue
        }
        lines.push(line)
        const verb = line.split(/[ :]/)[0]!.toUpperCase()
        const told = how.answers?.[verb]
        if (told) {
          say(told)
          continue
        }
        switch (verb) {
          case 'EHLO':
            say('250-test')
            say('250 AUTH PLAIN LOGIN')
            break
          case 'AUTH':
            say('235 welcome')
            break
          case 'RCPT':
            to.push(/<(.*)>/.exec(line)![1]!)
            say('250 ok')
            break
          case 'DATA':
            if (how.hangsUp) {
              socket.destroy()
              return
            }
            isText = true
            say('354 go on')
            break
          case 'STARTTLS':
            say('502 no')
            break
          case 'QUIT':
            say('221 bye')
            socket.end()
            break
          default:
            say('250 ok')
        }
      }
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    mails,
    lines,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}
