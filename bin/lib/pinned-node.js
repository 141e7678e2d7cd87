import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './install.js'
import { LaunchError } from './words.js'

const needed = 26

/** The Node that runs our TypeScript: the one npm installed for this machine, else the one we run on if it is new enough. */
export function pinnedNode() {
  const installed = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node')
  if (existsSync(installed)) return installed
  if (Number.parseInt(process.versions.node, 10) >= needed) return process.execPath
  throw new LaunchError(
    `本机（${process.platform}-${process.arch}）没有随附的 Node，请安装 Node ${needed} 或更新版本（现为 ${process.version}）后重试。`,
    `No Node is packaged for this machine (${process.platform}-${process.arch}): install Node ${needed} or newer (this is ${process.version}) and try again.`,
  )
}

/** Refuses machines on which nothing of ours can run, before anything is installed. */
export function checkMachine() {
  if (Number.parseInt(process.versions.node, 10) < 20) {
    throw new LaunchError(
      `需要 Node 20 或更新版本（现为 ${process.version}）。`,
      `Node 20 or newer is needed (this is ${process.version}).`,
    )
  }
  if (process.platform === 'linux' && !('glibcVersionRuntime' in process.report.getReport().header)) {
    throw new LaunchError(
      '随附的 Node 与 PostgreSQL 需要 glibc；本机（如 Alpine）使用 musl。请改用 Debian、Ubuntu 等发行版或镜像。',
      'The packaged Node and PostgreSQL need glibc; this machine (Alpine, say) has musl. Use Debian, Ubuntu or an image of theirs.',
    )
  }
}
