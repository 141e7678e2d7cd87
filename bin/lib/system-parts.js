import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** What the tests want from the system beyond npm's packages. */
const parts = {
  postgres: { debian: 'postgresql', find: findPostgres },
  chromium: { debian: 'chromium', find: findChromium },
  font: { debian: 'fonts-noto-cjk', find: findChineseFont },
}

/**
 * Finds the parts, installing what is missing where that is allowed (root, with apt). A part that stays missing is
 * null and has a reason.
 * @param {(keyof typeof parts)[]} wanted
 */
export function findSystemParts(wanted) {
  const find = () => Object.fromEntries(wanted.map((name) => [name, parts[name].find()]))
  let found = find()
  const missing = wanted.filter((name) => found[name] === null).map((name) => parts[name].debian)
  let reason = ''
  if (missing.length > 0) {
    reason = tryToInstall(missing)
    found = find()
  }
  return { found, reason }
}

/** Why the packages could not be installed; '' when they were. */
function tryToInstall(packages) {
  const byHand = `apt-get install --no-install-recommends ${packages.join(' ')}`
  if (process.getuid?.() !== 0) return `not root; as root: ${byHand}`
  if (which('apt-get') === null) return `no apt-get; install ${packages.join(', ')} by other means`
  const apt = (...args) => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    return spawnSync('apt-get', ['-y', '-q', ...args], { env, stdio: ['ignore', 2, 2] }).status === 0
  }
  const install = () => apt('install', '--no-install-recommends', ...packages)
  if (hasPackageLists() && install()) return ''
  return apt('update') && install() ? '' : `failed: ${byHand}`
}

function hasPackageLists() {
  const folder = '/var/lib/apt/lists'
  return existsSync(folder) && readdirSync(folder).some((name) => name.includes('_Packages'))
}

/** The folder of the newest PostgreSQL server's programs. */
function findPostgres() {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  const folders = versions.map((version) => join(debian, version, 'bin'))
  const onPath = which('initdb')
  if (onPath) folders.push(join(onPath, '..'))
  return (
    folders.find((folder) => ['initdb', 'postgres'].every((name) => existsSync(join(folder, name)))) ?? null
  )
}

function findChromium() {
  return which('chromium') ?? which('chromium-browser') ?? which('google-chrome')
}

function findChineseFont() {
  const listed = spawnSync('fc-list', [':lang=zh', 'file'], { encoding: 'utf8' })
  if (listed.status === 0 && listed.stdout.trim() !== '') return listed.stdout.split('\n')[0] ?? null
  const known = spawnSync('dpkg', ['-s', 'fonts-noto-cjk'], { encoding: 'utf8' })
  return known.stdout?.includes('install ok installed') ? 'fonts-noto-cjk' : null
}

function which(name) {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path)) ?? null
}
