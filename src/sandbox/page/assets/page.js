// Sends what a button or a form asks for, then reads the page again; the place on the page and the focus stay.
;(() => {
  const said = document.getElementById('said')
  const { done, failed } = document.body.dataset
  const kept = (name) => `sandbox.${name}`

  async function send(method, path, body) {
    try {
      const answer = await fetch(path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      if (!answer.ok) throw new Error((await answer.json()).error)
      remember()
      location.reload()
    } catch (error) {
      said.textContent = failed + error.message
      said.className = 'said bad'
      said.scrollIntoView({ block: 'nearest' })
    }
  }

  function remember() {
    const open = [...document.querySelectorAll('details[open]')].map((one) => one.id)
    sessionStorage.setItem(kept('open'), JSON.stringify(open))
    sessionStorage.setItem(kept('focus'), document.activeElement?.id ?? '')
    sessionStorage.setItem(kept('done'), 'yes')
  }

  function recall() {
    for (const id of JSON.parse(sessionStorage.getItem(kept('open')) ?? '[]')) {
      const details = document.getElementById(id)
      if (details) details.open = true
    }
    if (sessionStorage.getItem(kept('done')) !== 'yes') return
    sessionStorage.removeItem(kept('done'))
    said.textContent = done
    document.getElementById(sessionStorage.getItem(kept('focus')))?.focus({ preventScroll: true })
  }

  // What a punch needs is the sandbox's own time: this page may have stood here for a while.
  async function now() {
    return (await (await fetch('/_sandbox/clock')).json()).now
  }

  const forms = {
    async punch(fields) {
      const { platform, userId, at } = Object.fromEntries(fields)
      const seconds = at.length === 16 ? `${at}:00` : at
      const body = { platform, userId: userId.trim(), at: at ? `${seconds}+08:00` : await now() }
      if (fields.has('void')) body.void = true
      if (fields.has('approved')) body.approved = true
      return send('POST', '/_sandbox/punch', body)
    },
    async fault(fields, { name }) {
      let value
      try {
        value = JSON.parse(fields.get('value'))
      } catch {
        value = fields.get('value')
      }
      return send('PUT', '/_sandbox/faults', { [name]: value })
    },
  }

  document.addEventListener('click', async (event) => {
    const button = event.target.closest('button[data-path]')
    if (!button || button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    const { method, path } = button.dataset
    const body = JSON.parse(button.dataset.body)
    await send(method, path, path.endsWith('/punch') ? { ...body, at: await now() } : body)
    button.ariaBusy = 'false'
  })
  document.addEventListener('submit', (event) => {
    const form = event.target
    if (!form.dataset.form) return
    event.preventDefault()
    forms[form.dataset.form](new FormData(form), form.dataset)
  })
  recall()
})()
