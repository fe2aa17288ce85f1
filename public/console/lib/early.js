// Runs before the first paint: the kept theme and language.
;(() => {
  const root = document.documentElement
  /** @param {string} key */
  const kept = (key) => {
    try {
      return localStorage.getItem(key) ?? ''
    } catch {
      return '' // storage may be switched off
    }
  }
  const theme = kept('sekisho.theme')
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme
  const asked = new URLSearchParams(location.search).get('lang')
  const lang = asked === 'en' || asked === 'ja' ? asked : kept('sekisho.lang')
  if (lang === 'en' || lang === 'ja') root.lang = lang
})()
