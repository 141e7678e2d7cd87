import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { sql } from 'kysely'
import { encryptLetter, signatureOf } from '#platforms/callback-crypto.ts'
import { rowsOf } from '#store/database.ts'
import { startEmbedded } from '#store/embedded/embedded.ts'
import { callbackKeys, startCallbackService } from '../support/callback-service.ts'

/**
 * Callbacks at a steady rate on the embedded database with its usual durability: from the first byte sent to the last
 * byte of the acknowledgement, so a queue before us counts against us. Half DingTalk, half WeCom, every tenth twice.
 * Arguments: events per second (500), seconds (20).
 */
const perSecond = Number(process.argv[2] ?? 500)
const seconds = Number(process.argv[3] ?? 20)

type Load = { port: number; perSecond: number; seconds: number; clientId: string; corpId: string }
if (isMainThread) await main()
else parentPort!.postMessage(await send(workerData as Load))

async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'qintong-bench-'))
  const embedded = await startEmbedded({ home })
  try {
    await using service = await startCallbackService(embedded.config)
    const load: Load = {
      ...{ port: service.http.port, perSecond, seconds },
      ...{ clientId: service.corps.dingtalk.clientId, corpId: service.corps.wecom.corpId },
    }
    await inWorker({ ...load, seconds: 2 }) // warm
    await sql`truncate event`.execute(service.database.kysely)
    const before = process.cpuUsage()
    const sent = await inWorker(load)
    const cpu = process.cpuUsage(before)
    const [row] = await rowsOf(
      sql<{ kept: number }>`select count(*) as kept from event`,
      service.database.kysely,
    )
    console.log(
      JSON.stringify({
        perSecond,
        seconds,
        ...sent,
        kept: row?.kept,
        serverCpuShare: round((cpu.user + cpu.system) / 1e6 / seconds),
      }),
    )
  } finally {
    await embedded.release()
    await rm(home, { recursive: true, force: true })
  }
}

/** The senders have a thread of their own, so that their work is not the server's. */
function inWorker(load: Load): Promise<Record<string, number>> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(fileURLToPath(import.meta.url), { workerData: load })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function send({ port, perSecond, seconds, clientId, corpId }: Load): Promise<Record<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const latencies: number[] = []
  let refused = 0
  const bodies = Array.from({ length: perSecond * seconds }, (_, i) =>
    made(i - (i % 10 === 9 ? 1 : 0), clientId, corpId),
  )
  const begun = performance.now()
  const all: Promise<void>[] = []
  for (const [i, { path, body }] of bodies.entries()) {
    const dueAt = begun + (i * 1000) / perSecond
    const early = dueAt - performance.now()
    if (early > 1) await new Promise((resume) => setTimeout(resume, early))
    all.push(
      new Promise((resolve, reject) => {
        const asked = request({ port, host: '127.0.0.1', path, method: 'POST', agent }, (response) => {
          response.resume()
          response.once('end', () => {
            latencies.push(performance.now() - dueAt)
            if (response.statusCode !== 200) refused++
            resolve()
          })
        })
        asked.once('error', reject)
        asked.end(body)
      }),
    )
  }
  await Promise.all(all)
  const ms = performance.now() - begun
  agent.destroy()
  latencies.sort((a, b) => a - b)
  const at = (share: number) =>
    round(latencies[Math.min(latencies.length - 1, Math.floor(share * latencies.length))]!)
  return {
    sent: bodies.length,
    refused,
    achieved: Math.round((bodies.length / ms) * 1000),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    most: at(1),
  }
}

function made(nth: number, clientId: string, corpId: string): { path: string; body: string } {
  const isDingtalk = nth % 2 === 0
  const keys = isDingtalk ? callbackKeys.dingtalk : callbackKeys.wecom
  const now = Temporal.Now.instant().epochMilliseconds
  const row = {
    userId: `u${nth}`,
    corpId: 'ding',
    checkTime: now,
    address: '示例市高新区科技路 88 号',
    locationMethod: 'MAP',
    bizId: `${nth}`,
  }
  const message = isDingtalk
    ? JSON.stringify({
        EventType: 'attendance_check_record',
        eventId: `e${nth}`,
        CorpId: 'ding',
        dataList: [row],
      })
    : `<xml><MsgType>event</MsgType><Event>change_contact</Event><ChangeType>create_user</ChangeType><UserID>w${nth}</UserID></xml>`
  const encrypted = encryptLetter(keys, { message, receiver: isDingtalk ? clientId : corpId }, Math.random)
  const timestamp = String(Math.floor(now / 1000))
  const signature = signatureOf(keys.token, timestamp, 'n', encrypted)
  const query = `msg_signature=${signature}&timestamp=${timestamp}&nonce=n`
  return isDingtalk
    ? { path: `/callbacks/dingtalk/hq-dingtalk?${query}`, body: JSON.stringify({ encrypt: encrypted }) }
    : {
        path: `/callbacks/wecom/hq-wecom?${query}`,
        body: `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`,
      }
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
