import { createTransport } from 'nodemailer'
import type { MailSender } from './ports.ts'

const patienceMs = 10_000

/** The only door to nodemailer: one connection a mail, certificates checked, files and addresses in a mail never read. */
export const sendMail: MailSender = async (smtp, { to, subject, text, messageId }) => {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.tls === 'implicit',
    requireTLS: smtp.tls === 'starttls',
    ignoreTLS: smtp.tls === 'off',
    ...(smtp.user !== null && { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  try {
    const sent = await transport.sendMail({ from: smtp.from, to, subject, text, messageId })
    return { accepted: sent.accepted.length, rejected: sent.rejected.length }
  } finally {
    transport.close()
  }
}
