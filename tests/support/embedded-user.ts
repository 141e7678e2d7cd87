// A process that uses the embedded server of a home until its standard input closes, then ends as it was told:
// `release` properly, `exit` without a word, `hang` to be killed. Says `ready` when it is connected.
import { Client } from 'pg'
import { startEmbedded } from '#store/embedded/embedded.ts'

const [home = '', ending = 'release'] = process.argv.slice(2)
const embedded = await startEmbedded({ home })
const client = new Client(embedded.config)
client.on('error', () => {})
await client.connect()
await client.query('create table if not exists visit (at timestamptz default now())')
await client.query('insert into visit default values')
const { rows } = await client.query<{ visits: number }>('select count(*)::int as visits from visit')
await client.end().catch(() => {})
console.log(`ready ${rows[0]?.visits}`)

process.stdin.resume()
process.stdin.once('end', async () => {
  if (ending === 'hang') return setInterval(() => {}, 1000)
  if (ending === 'release') await embedded.release()
  process.exit(0)
})
