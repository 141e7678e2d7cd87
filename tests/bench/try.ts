import { spawnSync } from 'node:child_process'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { startEmbedded } from '#store/embedded/embedded.ts'
const home = await mkdtemp(tmpdir() + '/qtb-')
const e = await startEmbedded({ home })
import { Client } from 'pg'
import { spawn } from 'node:child_process'
if (process.env['WATCH']) { const c = new Client(e.config); await c.connect(); const k = spawn(process.execPath, [new URL('carry-once.ts', import.meta.url).pathname, process.argv[2]!, process.argv[3]!, JSON.stringify({ ...e.config })]); await new Promise(r=>setTimeout(r,9000)); const q=(await c.query("select query from pg_stat_activity where state='active' and pid<>pg_backend_pid()")).rows; console.log(q); k.kill('SIGKILL'); await c.query('select pg_terminate_backend(pid) from pg_stat_activity where pid<>pg_backend_pid() and datname=current_database()'); let text=(q[0] as any)?.query ?? ''; console.log((await c.query('select count(*) from punch')).rows); await c.end(); await e.release(); process.exit() }
const r = spawnSync(process.execPath, [...(process.env['TIMING'] ? ['--import', '/tmp/trial/timing.mjs'] : []), ...(process.env['PROF'] ? ['--cpu-prof', '--cpu-prof-dir=/tmp/trial/prof'] : []), new URL('carry-once.ts', import.meta.url).pathname, process.argv[2]!, process.argv[3]!, JSON.stringify({ ...e.config })], { encoding: 'utf8' })
console.log(r.stdout, r.stderr)
await e.release()
