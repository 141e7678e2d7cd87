import type { Clock } from '#domain/effects.ts'
import type { Transport } from '#platforms/ports.ts'
import { dingtalkRobot } from './dingtalk-robot.ts'
import { email } from './email.ts'
import type { ChannelAddress, MailSender, Send } from './ports.ts'
import { webhook } from './webhook.ts'
import { wecomRobot } from './wecom-robot.ts'

/** A channel ready to send. */
export function openChannel(
  address: ChannelAddress,
  outside: { transport: Transport; clock: Clock; sendMail: MailSender },
): Send {
  switch (address.kind) {
    case 'wecom-robot':
      return wecomRobot(address, outside)
    case 'dingtalk-robot':
      return dingtalkRobot(address, outside)
    case 'email':
      return email(address, outside.sendMail)
    case 'webhook':
      return webhook(address, outside)
  }
}
