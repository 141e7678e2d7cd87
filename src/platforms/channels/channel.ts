import type { Clock } from '#domain/effects.ts'
import type { AddressBans } from '#platforms/address-bans.ts'
import type { Transport } from '#platforms/ports.ts'
import { awayWhileBanned } from './away-while-banned.ts'
import { dingtalkRobot } from './dingtalk-robot.ts'
import { email } from './email.ts'
import type { ChannelAddress, MailSender, Send } from './ports.ts'
import { webhook } from './webhook.ts'
import { wecomRobot } from './wecom-robot.ts'

/** A channel ready to send. `bans`: of the address that everything is sent from. */
export function openChannel(
  address: ChannelAddress,
  outside: { transport: Transport; clock: Clock; sendMail: MailSender; bans?: AddressBans | undefined },
): Send {
  switch (address.kind) {
    case 'wecom-robot':
      return wecomRobot(address, outside)
    case 'dingtalk-robot': {
      const send = dingtalkRobot(address, outside)
      const where = { platform: 'dingtalk', hosts: { oapi: address.base } } as const
      const { bans, clock } = outside
      return bans ? awayWhileBanned(send, bans, where, () => clock.now().epochMilliseconds) : send
    }
    case 'email':
      return email(address, outside.sendMail)
    case 'webhook':
      return webhook(address, outside)
  }
}
