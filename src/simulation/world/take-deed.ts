import type { Operations } from '#cli/operations.ts'
import { FailureError } from '#domain/failures.ts'
import { createApp } from '../../app.ts'
import type { Deed } from './acts.ts'
import type { World } from './found-world.ts'

/** Deeds that are done at once; those that strike a process are the story's own. */
export type WorldDeed = Exclude<Deed, { kind: 'kill' | 'freeze' | 'killAtWrite' | 'freezeAtWrite' }>

/** Lets something happen to a world. Whatever a person says to the product, they say in a process of their own. */
export async function takeDeed(world: World, deed: WorldDeed): Promise<void> {
  const { sandbox, time } = world
  const someone = () => {
    const { nth } = deed as { nth: number }
    return world.pairs[nth % world.pairs.length]!
  }
  switch (deed.kind) {
    case 'fault':
      return sandbox.set({ [deed.name]: deed.value })
    case 'database':
      world.health.trouble = deed.trouble
      return
    case 'jump':
      return time.advanceTo(time.now().add({ seconds: deed.seconds }))
    case 'refuse':
      return sandbox.set({ personRefused: [someone().dingtalk] })
    case 'accept':
      return sandbox.set({ personRefused: [] })
    case 'pause':
      return byHand(world, (app) => app.pause('hq'))
    case 'resume':
      return byHand(world, (app) => app.resume('hq'))
    case 'unlink': {
      const { dingtalk, wecom } = someone()
      await byHand(world, (app) => app.unlink(`hq-dingtalk:${dingtalk}`, `hq-wecom:${wecom}`))
      return void world.parted.set(wecom.toLowerCase(), time.now())
    }
    case 'link': {
      const { dingtalk, wecom } = someone()
      world.parted.delete(wecom.toLowerCase())
      return byHand(world, (app) => app.link(`hq-dingtalk:${dingtalk}`, `hq-wecom:${wecom}`))
    }
    case 'hire':
      return staff(world, newcomer(deed.nth))
    case 'leave':
    case 'rehire':
      return staff(world, { act: deed.kind, dingtalk: someone().dingtalk, wecom: someone().wecom })
  }
}

const newcomer = (nth: number) => ({
  act: 'hire',
  name: `新同事${nth}`,
  dingtalk: `new${nth}`,
  wecom: `New${nth}`,
  jobNumber: `NEW${nth}`,
})

/** Human resources try; what cannot be (somebody who has left leaves again) is not done. */
function staff({ sandbox }: World, act: Record<string, unknown>): void {
  try {
    sandbox.staff(act)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}

/** A command of the product; one that it refuses changes nothing, and the person lets it be. */
async function byHand(world: World, work: (app: Operations) => Promise<unknown>): Promise<void> {
  const process = await world.process({ isSpared: true })
  try {
    await work(createApp(process.parts))
  } catch (error) {
    if (!(error instanceof FailureError)) throw error
  } finally {
    await process.stop()
  }
  // Within a minute every lane is looked at, whatever was done.
  await world.wakeUps.now(world.lane)
}
