import { Gauge, type Registry } from 'prom-client'
import type { Failure } from '#domain/failures.ts'
import { publicCode } from '#messages/messages.ts'

/** Whether the database takes writes; null: all is well. */
export function storeGauges(registers: Registry[]): (trouble: Failure | null) => void {
  const ok = new Gauge({
    name: 'qintong_store_ok',
    help: '1 when the database answered and took a write for this scrape, else 0',
    registers,
  })
  const what = new Gauge({
    name: 'qintong_store_trouble',
    help: '1 for what is wrong with the database',
    labelNames: ['code'],
    registers,
  })
  return (trouble) => {
    what.reset()
    ok.set(trouble ? 0 : 1)
    if (trouble) what.set({ code: publicCode(trouble) }, 1)
  }
}
