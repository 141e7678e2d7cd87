import { Gauge, type Registry } from 'prom-client'
import type { StreamHealth } from '#domain/stream-health.ts'

/** The figures of the Streams this process holds; a Stream that is no longer held is withdrawn. */
export function streamGauges(registers: Registry[]): (streams: Record<string, StreamHealth>) => void {
  const gauge = (name: string, help: string, labelNames: string[] = ['connection']) =>
    new Gauge({ name: `qintong_stream_${name}`, help, labelNames, registers })
  const up = gauge('up', '1 while at least one socket of the Stream is open and delivered to, else 0')
  const sockets = gauge('sockets', 'Sockets of the Stream, by whether they are open or wanted', [
    'connection',
    'state',
  ])
  const heard = gauge('last_heard_seconds', 'Unix time of the last sign of life; absent before the first')
  const event = gauge('last_event_seconds', 'Unix time of the last event that was kept')
  const frames = gauge('frames', 'Frames since the Stream was started, by what became of them', [
    'connection',
    'outcome',
  ])
  const reconnects = gauge('reconnects', 'Sockets that were replaced since the Stream was started')
  const refused = gauge('refused', 'Attempts to connect that failed since the Stream was started')
  const all = [up, sockets, heard, event, frames, reconnects, refused]
  return (streams) => {
    for (const one of all) one.reset()
    for (const [connection, health] of Object.entries(streams)) {
      up.set({ connection }, health.connections > 0 ? 1 : 0)
      sockets.set({ connection, state: 'open' }, health.connections)
      sockets.set({ connection, state: 'wanted' }, health.wanted)
      if (health.lastHeardAt) heard.set({ connection }, health.lastHeardAt.epochMilliseconds / 1000)
      if (health.lastEventAt) event.set({ connection }, health.lastEventAt.epochMilliseconds / 1000)
      for (const outcome of ['kept', 'known', 'later', 'misaddressed', 'rubbish'] as const)
        frames.set({ connection, outcome }, health[outcome])
      reconnects.set({ connection }, health.reconnects)
      refused.set({ connection }, health.refused)
    }
  }
}
