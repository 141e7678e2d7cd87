import { expect, test } from 'vitest'
import { email } from './email.ts'
import type { Smtp } from './ports.ts'
import { sendMail } from './smtp.ts'
import { startMailServer } from './test-smtp.ts'

const notice = { id: 'abc', subject: '【勤通】告警', text: '第一行\n.\n第二行', document: {} }
const smtp = (port: number, more: Partial<Smtp> = {}): Smtp => ({
  ...{
    host: '127.0.0.1',
    port,
    tls: 'off',
    user: 'ops',
    password: 'hush-hush-hush',
    from: 'qintong@example.com',
  },
  ...more,
})
const to = ['a@example.com', 'b@example.com']
const mail = (server: Smtp) => email({ kind: 'email', smtp: server, to }, sendMail)(notice)

test('a mail reaches everybody, with its words whole and an id by which a repeat is known', async () => {
  await using server = await startMailServer()
  expect(await mail(smtp(server.port))).toEqual({ kind: 'accepted' })
  expect(server.mails).toMatchObject([{ to }])
  const [head = '', body = ''] = server.mails[0]!.text.split('\r\n\r\n')
  expect(head).toContain('Message-ID: <abc@example.com>')
  expect(head).toContain(`=?UTF-8?B?${Buffer.from('【勤通】告警').toString('base64')}?=`)
  expect(Buffer.from(body, 'base64').toString('utf8').replaceAll('\r\n', '\n').trimEnd()).toBe(notice.text)
})

test.for<{ when: string; answers: Record<string, string>; kind: string; because: RegExp }>([
  { when: 'the password is wrong', answers: { AUTH: '535 5.7.8 bad' }, kind: 'refused', because: /535/ },
  { when: 'it asks to come again', answers: { MAIL: '451 4.7.1 later' }, kind: 'throttled', because: /451/ },
  { when: 'it wants no such mail', answers: { DATA: '554 5.7.1 no' }, kind: 'refused', because: /554/ },
  { when: 'it knows nobody of them', answers: { RCPT: '550 5.1.1 who' }, kind: 'refused', because: /550/ },
])('when $when, that is $kind, and the password is in no word of it', async ({ answers, kind, because }) => {
  await using server = await startMailServer({ answers })
  const answer = await mail(smtp(server.port))
  expect(answer).toMatchObject({ kind, because: expect.stringMatching(because) })
  expect(JSON.stringify(answer)).not.toContain('hush')
})

test('a line that breaks off is lost: nobody knows', async () => {
  await using server = await startMailServer({ hangsUp: true })
  expect(await mail(smtp(server.port))).toMatchObject({ kind: 'lost' })
})

test('nobody listening is lost', async () => {
  const server = await startMailServer()
  await server[Symbol.asyncDispose]()
  expect(await mail(smtp(server.port))).toMatchObject({ kind: 'lost' })
})

test('a server without TLS gets neither password nor mail unless that was allowed', async () => {
  await using server = await startMailServer()
  expect(await mail(smtp(server.port, { tls: 'starttls' }))).toMatchObject({ kind: 'refused' })
  expect(server.mails).toEqual([])
  expect(server.lines.some((line) => line.startsWith('AUTH'))).toBe(false)
})
